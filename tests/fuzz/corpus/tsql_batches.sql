tSET QUOTED_IDENTIFIER ON
GO
/****** Object:  Table [dbo].[Boat]    Script Date: 2024-05-17 ******/
CREATE TABLE [dbo].[Boat]([Id] [int] NOT NULL, [Na]]me] nvarchar(20) DEFAULT (N'it''s'),
 CONSTRAINT [PK_Boat] PRIMARY KEY CLUSTERED ([Id] ASC)) ON [PRIMARY]
GO
INSERT [dbo].[Boat] ([Id], [Na]]me]) VALUES (1, N'GO
go')
  go 2 -- twice
CREATE INDEX i ON [dbo].[Boat]([Id]) CREATE TABLE t(a int)
EXEC sp_addextendedproperty N'MS_Description', N'a boat', 'SCHEMA', 'dbo', 'TABLE', 'Boat'
GO
:setvar a b
CREATE PROCEDURE p AS BEGIN SELECT 1; /* a /* nested */ GO
*/ END
GO
SELECT 'open
GO
