using Microsoft.Data.Sqlite;

namespace Gongji.Api.Tests.Support;

/// <summary>The ledger of an embedded store, as somebody sees it who has its directory.</summary>
internal static class LedgerFile
{
    /// <summary>Where it is.</summary>
    public static string In(string directory) => Path.Combine(directory, "ledger.db");

    /// <summary>Changes it past the product. No server may run on it.</summary>
    public static void Change(string directory, string sql)
    {
        using SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = In(directory), Pooling = false }.ConnectionString);
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is a test's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
