using System.Globalization;
using System.Text.RegularExpressions;
using Gongji.Api.Tests.Support;
using Gongji.TestKit;

namespace Gongji.Api.Tests;

/// <summary><c>deploy/backup</c> on a running product, and <c>deploy/restore</c> after its disk is lost.</summary>
public sealed partial class BackupTests
{
    private const string Person = "saver";

    [Fact]
    public async Task Embedded_store_is_restored_as_it_was_at_the_backup()
    {
        using TemporaryDirectory data = new();
        using TemporaryDirectory backups = new();
        using TemporaryDirectory restored = new();
        (Guid early, Guid late) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        string first;
        await using (ApiProcess process = await ApiProcess.ServeAsync("--demo-regions", "--data", data.FullName))
        {
            using Caller caller = new(process.Address);
            await RegisterAsync(caller);
            Assert.Equal((201, false), await CreditAsync(caller, early));
            first = await BackUpAsync($"--data {data.FullName} --to {backups.FullName}");
            Assert.Equal((201, false), await CreditAsync(caller, late));

            // The second backup compares itself with the first.
            string second = await BackUpAsync($"--data {data.FullName} --to {backups.FullName}");
            Assert.NotEqual(first, second);
        }

        (int exitCode, string output) = await ScriptAsync("restore", $"{first} --data {restored.FullName}");
        Assert.True(exitCode == 0, output);
        await using (ApiProcess process = await ApiProcess.ServeAsync("--demo-regions", "--data", restored.FullName))
        {
            using Caller caller = new(process.Address);
            Assert.Equal((201, true), await CreditAsync(caller, early));
            Assert.Equal((201, false), await CreditAsync(caller, late));
        }

        // The restored store lacks what was written after the backup, and a backup of it says so.
        (exitCode, output) = await ScriptAsync("backup", $"--data {restored.FullName} --to {backups.FullName}");
        Assert.True(exitCode == 1, output);
        Assert.Contains("it was noted", output, StringComparison.Ordinal);
        await BackUpAsync($"--data {restored.FullName} --to {backups.FullName} --afresh");

        await AssertRefusedAsync($"{first} --data {restored.FullName}", "is not empty");
    }

    /// <summary>The first backup may be made before anything is written.</summary>
    [Fact]
    public async Task New_ledger_is_backed_up_again_and_restored()
    {
        using TemporaryDirectory data = new();
        using TemporaryDirectory backups = new();
        await using (await ApiProcess.ServeAsync("--data", data.FullName))
        {
        }

        string first = await BackUpAsync($"--data {data.FullName} --to {backups.FullName}");
        await BackUpAsync($"--data {data.FullName} --to {backups.FullName}");
        (int exitCode, string output) = await ScriptAsync("restore", $"{first} --data {Path.Combine(data.FullName, "restored")}");

        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public async Task Damaged_backup_is_not_restored()
    {
        using TemporaryDirectory data = new();
        using TemporaryDirectory backups = new();
        await using (await ApiProcess.ServeAsync("--data", data.FullName))
        {
        }

        string backup = await BackUpAsync($"--data {data.FullName} --to {backups.FullName}");
        await using (FileStream file = File.OpenWrite(LedgerFile.In(backup)))
        {
            file.Seek(-1, SeekOrigin.End);
            file.WriteByte(1);
        }

        string target = Path.Combine(data.FullName, "restored");

        await AssertRefusedAsync($"{backup} --data {target}", "is not as it was written");

        Assert.False(Directory.Exists(target));
    }

    /// <summary>A server whose commits wait until <c>pg_receivewal</c> has stored them elsewhere, and whose disk is then lost.</summary>
    [Fact]
    public async Task PostgreSQL_is_restored_to_the_last_answered_command()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using TemporaryDirectory elsewhere = new();

        // When the tests run as root, servers run as the user postgres, who must be able to pass through this directory.
        File.SetUnixFileMode(elsewhere.FullName, (UnixFileMode)Convert.ToInt32("711", 8));
        string archive = Directory.CreateDirectory(Path.Combine(elsewhere.FullName, "wal")).FullName;
        Guid[] commands = [.. Enumerable.Range(0, 10).Select(_ => Guid.CreateVersion7())];
        await using PostgresServer server = await PostgresServer.StartAsync(new Dictionary<string, string> { ["synchronous_standby_names"] = "*" });
        (string, string)[] place = [("PGHOST", "127.0.0.1"), ("PGPORT", server.Port.ToString(CultureInfo.InvariantCulture)), ("PGUSER", "gongji"), ("PGDATABASE", "postgres")];
        Task<(int, string Output)> receiver = Shell.RunAsync($". deploy/lib/postgres.sh; exec \"$(postgres_programs)/pg_receivewal\" -D {archive} --synchronous --no-loop", place);
        string backup;
        string heads;
        await using (ApiProcess process = await ApiProcess.ServeAsync("--demo-regions", "--postgres", server.ConnectionString("postgres")))
        {
            using Caller caller = new(process.Address);
            await RegisterAsync(caller);
            Assert.Equal((201, false), await CreditAsync(caller, commands[0]));
            backup = await BackUpAsync($"--postgres --to {elsewhere.FullName}", place);
            foreach (Guid command in commands[1..])
            {
                Assert.Equal((201, false), await CreditAsync(caller, command));
            }

            (_, heads) = await ApiProcess.RunAsync("audit", "--postgres", server.ConnectionString("postgres"));
            await server.StopAsync(PostgresStop.Immediate);
        }

        await receiver;
        string newest = Directory.GetFiles(archive).Order(StringComparer.Ordinal).Last();
        string restore = $"{backup} --owner gongji --database postgres --pgdata {elsewhere.FullName}";

        if (Environment.IsPrivilegedProcess)
        {
            await AssertRefusedAsync($"{restore}/closed --wal {archive}", "cannot be read");
            await Shell.RunAsync($"chown -R postgres {archive}");
        }

        (int exitCode, string output) = await ScriptAsync("restore", $"{restore}/until-the-end --wal {archive}");
        Assert.True(exitCode == 0, output);
        Assert.Contains("11 entries, 0 violations", output, StringComparison.Ordinal);
        Assert.Equal(Digest().Match(heads).Value, Digest().Match(output).Value);

        // An incomplete archive is not taken for the end of the log.
        File.Move(newest, newest[..^"1.partial".Length] + "F.partial");
        await AssertRefusedAsync($"{restore}/with-a-gap --wal {archive}", "is not all in it");

        (exitCode, output) = await ScriptAsync("restore", $"{restore}/of-the-backup");
        Assert.True(exitCode == 0, output);
        Assert.Contains("2 entries, 0 violations", output, StringComparison.Ordinal);
    }

    /// <summary>A backup of a standby is no load for the primary. What is restored is a server of its own.</summary>
    [Fact]
    public async Task Standby_is_backed_up_and_restored()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using TemporaryDirectory folder = new();
        File.SetUnixFileMode(folder.FullName, (UnixFileMode)Convert.ToInt32("711", 8));
        await using PostgresServer server = await PostgresServer.StartAsync();
        await using (await ApiProcess.ServeAsync("--demo-regions", "--postgres", server.ConnectionString("postgres")))
        {
        }

        (int exitCode, string output) = await StandbyAsync(
            $"""
            mkdir {folder.FullName}/standby && if [ "$(id -u)" = 0 ]; then chown postgres {folder.FullName}/standby; fi
            as_postgres "$programs/pg_basebackup" -h 127.0.0.1 -p {server.Port} -U gongji -D {folder.FullName}/standby/data -R -X stream --checkpoint=fast
            as_postgres "$programs/pg_ctl" -D {folder.FullName}/standby/data -w -l {folder.FullName}/standby/log -o "-p 5432 -c listen_addresses='' -c unix_socket_directories={folder.FullName}/standby" start >/dev/null
            """);
        Assert.True(exitCode == 0, output);
        try
        {
            string backup = await BackUpAsync(
                $"--postgres --to {folder.FullName}", ("PGHOST", $"{folder.FullName}/standby"), ("PGPORT", "5432"), ("PGUSER", "gongji"), ("PGDATABASE", "postgres"));

            (exitCode, output) = await ScriptAsync("restore", $"{backup} --owner gongji --database postgres --pgdata {folder.FullName}/restored");
            Assert.True(exitCode == 0, output);
        }
        finally
        {
            await StandbyAsync($"as_postgres \"$programs/pg_ctl\" -D {folder.FullName}/standby/data -m immediate stop");
        }

        static Task<(int ExitCode, string Output)> StandbyAsync(string script) => Shell.RunAsync($"set -e; . deploy/lib/postgres.sh; programs=$(postgres_programs)\n{script}");
    }

    [Theory]
    [InlineData("backup", "", "say what to back up")]
    [InlineData("backup", "--data", "--data needs a value")]
    [InlineData("backup", "--data /nowhere --to /nowhere", "there is no folder /nowhere")]
    [InlineData("backup", "--data /nowhere --to /", "there is no ledger.db in /nowhere")]
    [InlineData("backup", "--postgres --to /", "say which server")]
    [InlineData("backup", "--dta .", "unknown argument --dta")]
    [InlineData("restore", "", "say which backup")]
    [InlineData("restore", "/ --data /nowhere", "/ is no backup of deploy/backup")]
    public async Task Wrong_arguments_are_named(string script, string arguments, string says)
    {
        (int exitCode, string output) = await ScriptAsync(script, arguments);

        Assert.True(exitCode == 2 && output.Contains(says, StringComparison.Ordinal), output);
    }

    private static async Task RegisterAsync(Caller caller) =>
        Assert.Equal(200, (await caller.PutAsync($"/v1/persons/{Person}", """{"region":"320500","insurance":"employee","status":"active"}""")).Status);

    private static async Task<(int Status, bool IsReplay)> CreditAsync(Caller caller, Guid id)
    {
        Answer answer = await caller.PostAsync($"/v1/persons/{Person}/credits", $$"""{"id":"{{id}}","amountFen":7,"period":"2024-11"}""");
        return (answer.Status, answer.IsReplay);
    }

    /// <summary>Makes a backup and returns its path.</summary>
    private static async Task<string> BackUpAsync(string arguments, params (string Name, string Value)[] environment)
    {
        (int exitCode, string output) = await ScriptAsync("backup", arguments, environment);
        Assert.True(exitCode == 0, output);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Last(line => line.StartsWith('/'));
    }

    private static async Task AssertRefusedAsync(string restore, string says)
    {
        (int exitCode, string output) = await ScriptAsync("restore", restore);
        Assert.True(exitCode == 2 && output.Contains(says, StringComparison.Ordinal), output);
    }

    private static Task<(int ExitCode, string Output)> ScriptAsync(string name, string arguments, params (string Name, string Value)[] environment) =>
        Shell.RunAsync($"exec bash deploy/{name} {arguments}", [.. environment, ("GONGJI", $"dotnet exec {Path.Combine(AppContext.BaseDirectory, "Gongji.Api.dll")}")]);

    [GeneratedRegex("digest [0-9a-f]{64}")]
    private static partial Regex Digest();
}
