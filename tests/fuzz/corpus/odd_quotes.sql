tSELECT 'a [b "c
GO
SELECT [a'b] "c" 'd'
GO
/* open
