-- Source: Microsoft Orleans, https://github.com/dotnet/orleans, src/AdoNet/Shared/PostgreSQL-Main.sql.
-- Copyright (c) Microsoft Corporation. All rights reserved. Licensed under the MIT License.
-- The names and texts are what Microsoft.Orleans.*.AdoNet 10.4.2 asks for. Changed here only so that it is harmless where an operator has
-- already run the original script: IF NOT EXISTS, OR REPLACE, ON CONFLICT DO NOTHING.

-- This table defines Orleans operational queries. Orleans uses these to manage its operations,
-- these are the only queries Orleans issues to the database.
-- These can be redefined (e.g. to provide non-destructive updates) provided the stated interface principles hold.
CREATE TABLE IF NOT EXISTS OrleansQuery
(
    QueryKey varchar(64) NOT NULL,
    QueryText varchar(8000) NOT NULL,

    CONSTRAINT OrleansQuery_Key PRIMARY KEY(QueryKey)
);
