global using Gongji.Ledger;
global using Gongji.Storage;
