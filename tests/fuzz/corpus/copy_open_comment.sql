pCOPY FROM stdin;/*
\