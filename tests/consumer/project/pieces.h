// The pieces of the engine one by one.
#pragma once

bool pieces_work();
