using Gongji.Api.Tests.Support;
using Gongji.TestKit;
using Npgsql;

namespace Gongji.Api.Tests;

/// <summary><c>audit</c> on stores that it cannot or must not audit: it prints one line that says what is wrong, where, and how to fix it, and exits with 2.</summary>
public sealed class AuditCommandTests
{
    [Theory]
    [InlineData("DELETE FROM schema_migrations WHERE number = 5; ALTER TABLE batches DROP COLUMN open_day; DROP TABLE clearing_days", "Start this program on it once")]
    [InlineData("INSERT INTO schema_migrations VALUES (99, 'later', 'x', 0)", "Start the newer program")]
    [InlineData("UPDATE schema_migrations SET checksum = 'x' WHERE number = 2", "never edited")]
    [InlineData("DROP TABLE schema_migrations", "There is no ledger of Gongji in it")]
    public async Task Audit_of_an_embedded_store_of_another_schema_says_what_to_do(string change, string says)
    {
        using TemporaryDirectory data = new();
        await MakeAsync(data);
        LedgerFile.Change(data.FullName, change);

        await AssertRefusedAsync(says, data.FullName, "--data", data.FullName);
    }

    [Theory]
    [InlineData("", "There is no ledger of Gongji in it")]
    [InlineData("Not a database, but long enough to have a header that says what it is instead.", "is not a SQLite database")]
    public async Task Audit_of_a_file_that_is_no_ledger_says_so_and_leaves_it(string content, string says)
    {
        using TemporaryDirectory data = new();
        string file = LedgerFile.In(data.FullName);
        await File.WriteAllTextAsync(file, content);

        await AssertRefusedAsync(says, data.FullName, "--data", data.FullName);

        Assert.Equal(content, await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task Audit_without_permission_says_that_it_is_permission()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using TemporaryDirectory data = new();
        await MakeAsync(data);
        string file = LedgerFile.In(data.FullName);

        File.SetUnixFileMode(file, UnixFileMode.None);
        (int exitCode, string output) = await ApiProcess.RunUnprivilegedAsync("audit", "--data", data.FullName);
        AssertOneLine(exitCode, output, "lacks a permission", data.FullName);

        File.SetUnixFileMode(data.FullName, UnixFileMode.None);
        (exitCode, output) = await ApiProcess.RunUnprivilegedAsync("audit", "--data", data.FullName);
        File.SetUnixFileMode(data.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        AssertOneLine(exitCode, output, "lacks the permission to read the directory", data.FullName);
    }

    [Fact]
    public async Task Audit_of_another_schema_on_PostgreSQL_says_what_to_do()
    {
        await using PostgresServer server = await PostgresServer.StartAsync();
        string connection = await server.CreateDatabaseAsync();
        await AssertRefusedAsync("There is no ledger of Gongji in it", "127.0.0.1", "--postgres", connection);
        await using (await ApiProcess.ServeAsync("--postgres", connection))
        {
        }

        (int exitCode, string output) = await ApiProcess.RunAsync("audit", "--postgres", connection);
        Assert.True(exitCode == 0, output);
        foreach ((string change, string undo, string says) in new[]
        {
            ("INSERT INTO schema_migrations VALUES ('Postgres', 99, 'later', 'x', 0)", "DELETE FROM schema_migrations WHERE number = 99", "Start the newer program"),
            ("UPDATE schema_migrations SET checksum = 'x' || checksum", "UPDATE schema_migrations SET checksum = substr(checksum, 2)", "never edited"),
            ("DELETE FROM schema_migrations WHERE set = 'Postgres' AND number = 10", "ALTER TABLE entries RENAME TO gone", "Start this program on it once"),
        })
        {
            await ChangeAsync(connection, change);
            await AssertRefusedAsync(says, "127.0.0.1", "--postgres", connection);
            await ChangeAsync(connection, undo);
        }
    }

    /// <summary>Advice about the connection is only for those who cannot connect.</summary>
    [Fact]
    public async Task Audit_that_PostgreSQL_refuses_says_why_and_no_more()
    {
        await using PostgresServer server = await PostgresServer.StartAsync();
        string connection = await server.CreateDatabaseAsync();
        await using (await ApiProcess.ServeAsync("--postgres", connection))
        {
        }

        await ChangeAsync(connection, "ALTER TABLE escrow_caps RENAME TO gone");
        string output = await AssertRefusedAsync("42P01 relation \"escrow_caps\" does not exist", "127.0.0.1", "--postgres", connection);
        Assert.DoesNotContain("Check that it runs", output, StringComparison.Ordinal);

        NpgsqlConnectionStringBuilder nowhere = new(connection) { Database = "nowhere" };
        output = await AssertRefusedAsync("database \"nowhere\" does not exist", "127.0.0.1", "--postgres", nowhere.ConnectionString);
        Assert.Contains("Check that it runs and that --postgres is right.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_notes_the_heads_and_finds_them_again_until_they_are_gone()
    {
        using TemporaryDirectory data = new();
        using TemporaryDirectory elsewhere = new();
        string note = Path.Combine(elsewhere.FullName, "heads.txt");
        await MakeAsync(data, persons: 2);

        (int exitCode, string output) = await ApiProcess.RunAsync("audit", "--data", data.FullName, "--note", note);
        Assert.True(exitCode == 0, output);
        string text = await File.ReadAllTextAsync(note);
        Assert.Matches("^[0-9]+ [0-9]+ [0-9a-f]{64}\n$", text);
        Assert.Contains(
            $"heads of 1 chains, digest {Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)))}", output, StringComparison.Ordinal);
        await MakeAsync(data, persons: 3);
        (exitCode, output) = await ApiProcess.RunAsync("audit", "--data", data.FullName, "--since", note, "--note", note);
        Assert.True(exitCode == 0, output);
        Assert.StartsWith(text, await File.ReadAllTextAsync(note), StringComparison.Ordinal);

        await File.WriteAllTextAsync(note, $"1 999 {new string('0', 64)}\n");
        (exitCode, output) = await ApiProcess.RunAsync("audit", "--data", data.FullName, "--since", note, "--note", note);
        Assert.True(exitCode == 1, output);
        Assert.Contains("chain 1, batch 999: it was noted", output, StringComparison.Ordinal);
        Assert.StartsWith("1 999 ", await File.ReadAllTextAsync(note), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_with_a_file_of_heads_that_is_none_says_so()
    {
        using TemporaryDirectory data = new();
        await MakeAsync(data);
        string none = Path.Combine(data.FullName, "none.txt");
        await File.WriteAllTextAsync(none, "heads\n");

        await AssertRefusedAsync("line 1 is not a chain", none, "--data", data.FullName, "--since", none);
        await AssertRefusedAsync("--since", "nowhere.txt", "--data", data.FullName, "--since", Path.Combine(data.FullName, "nowhere.txt"));
        (int exitCode, string output) = await ApiProcess.RunAsync("audit", "--data", data.FullName, "--note", Path.Combine(none, "x.txt"));
        Assert.True(exitCode == 2, output);
        Assert.Contains("Nothing was noted", output, StringComparison.Ordinal);
    }

    /// <summary>Makes a store with a little in it, whose server has stopped.</summary>
    private static async Task MakeAsync(TemporaryDirectory data, int persons = 0)
    {
        await using ApiProcess process = await ApiProcess.ServeAsync("--data", data.FullName);
        using Caller caller = new(process.Address);
        for (int person = 0; person < persons; person++)
        {
            Assert.Equal(200, (await caller.PutAsync($"/v1/persons/p-{person}", """{"region":"320500","insurance":"employee","status":"active"}""")).Status);
        }

        process.Terminate();
        Assert.Equal(0, await process.WaitForExitAsync());
    }

    private static async Task<string> AssertRefusedAsync(string says, string where, params string[] arguments)
    {
        (int exitCode, string output) = await ApiProcess.RunAsync(["audit", .. arguments]);
        AssertOneLine(exitCode, output, says, where);
        return output;
    }

    private static void AssertOneLine(int exitCode, string output, string says, string where)
    {
        Assert.True(exitCode == 2, output);
        string line = Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(says, line, StringComparison.Ordinal);
        Assert.Contains(where, line, StringComparison.Ordinal);
    }

    private static async Task ChangeAsync(string connection, string sql)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(connection);
        await using NpgsqlCommand command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
