using System.CommandLine;
using Gongji.Ledger.Audit;
using Gongji.Silo;
using Gongji.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gongji.Api.Commands;

/// <summary><c>audit</c>: checks every invariant over a store, offline.</summary>
internal static class AuditCommand
{
    private static readonly StoreOptions Store = new();

    private static readonly Option<string> Note = new("--note")
    {
        Description = "After a clean audit, write the heads of the chains to this file: keep it where nobody who can change the ledger can change it.",
        HelpName = "FILE",
    };

    private static readonly Option<string> Since = new("--since")
    {
        Description = "Also check that every head that an earlier --note wrote to this file is still in the ledger.",
        HelpName = "FILE",
    };

    public static Command Create()
    {
        Command command = new("audit", "Checks every invariant over a store; exits 1 and names what is violated.");
        Store.AddTo(command);
        command.Options.Add(Note);
        command.Options.Add(Since);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        SiloOptions options = new() { PostgresConnectionString = Store.Postgres(parsed), DataDirectory = Store.DataDirectory(parsed) };
        try
        {
            LedgerHeads? noted = parsed.GetValue(Since) is { } since ? await HeadsFile.ReadAsync(since, cancellationToken) : null;
            await using ILedgerStore store = Open(options);
            await store.VerifySchemaAsync(cancellationToken);
            AuditReport report = await new LedgerAuditor(noted: noted).RunAsync(store, null, cancellationToken);
            await Console.Out.WriteLineAsync(AuditText.Of(report));
            if (!report.IsClean)
            {
                return ExitCodes.Failed;
            }

            if (parsed.GetValue(Note) is { } note)
            {
                await HeadsFile.WriteAsync(note, report.Heads, cancellationToken);
            }

            return ExitCodes.Ok;
        }
        catch (HeadsFileException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return ExitCodes.CannotStart;
        }
        catch (Exception exception) when (StartFailure.Describe(exception, options) is { } reason)
        {
            await Console.Error.WriteLineAsync(reason);
            return ExitCodes.CannotStart;
        }
    }

    /// <summary>Opens the store for reading only: nothing is created or migrated, and a running process may use the store at the same time.</summary>
    private static ILedgerStore Open(SiloOptions options) => options.PostgresConnectionString is { } connection
        ? new PostgresLedgerStore(
            new PostgresStoreOptions { ConnectionString = connection }, TimeProvider.System, NullLogger<PostgresLedgerStore>.Instance)
        : new SqliteLedgerStore(
            new SqliteStoreOptions { Directory = options.DataDirectory, ReadOnly = true }, TimeProvider.System, NullLogger<SqliteLedgerStore>.Instance);
}
