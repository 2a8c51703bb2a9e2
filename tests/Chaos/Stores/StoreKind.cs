namespace Gongji.Chaos.Stores;

/// <summary>The kind of store that holds the ledger.</summary>
internal enum StoreKind
{
    Postgres,
    Sqlite,
}
