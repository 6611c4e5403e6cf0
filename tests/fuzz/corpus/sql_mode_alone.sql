mSET sql_mode;
SET @a=1, sql_mode;
