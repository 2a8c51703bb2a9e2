using Microsoft.Data.Sqlite;

namespace Gongji.Api.Tests.Support;

/// <summary>The ledger file of an embedded store, as seen by somebody who has access to its directory.</summary>
internal static class LedgerFile
{
    /// <summary>The file's path.</summary>
    public static string In(string directory) => Path.Combine(directory, "ledger.db");

    /// <summary>Changes the ledger behind the product's back. No server may be running on it.</summary>
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
