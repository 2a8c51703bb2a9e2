namespace Gongji.Chaos.Stores;

/// <summary>Where the ledger is.</summary>
internal enum StoreKind
{
    Postgres,
    Sqlite,
}
