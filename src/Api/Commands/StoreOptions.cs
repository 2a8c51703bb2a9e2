using System.CommandLine;

namespace Gongji.Api.Commands;

/// <summary>The options that say where the ledger is.</summary>
internal sealed class StoreOptions
{
    private const string DefaultDirectory = "data";

    private readonly Option<string> _data = new("--data")
    {
        Description = $"Directory of the embedded store [default: ./{DefaultDirectory}].",
        HelpName = "DIR",
    };

    private readonly Option<string> _postgres = new("--postgres")
    {
        Description = "Keep the ledger in this PostgreSQL instead, e.g. \"Host=127.0.0.1;Username=gongji;Database=gongji\".",
        HelpName = "CONNECTION",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_data);
        command.Options.Add(_postgres);
        _data.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var directory }] && File.Exists(directory))
            {
                result.AddError($"--data '{directory}' is no directory: give the one that the ledger is in, or is to be in.");
            }
        });
        command.Validators.Add(result =>
        {
            if (result.GetResult(_data) is not null && result.GetResult(_postgres) is not null)
            {
                result.AddError("Give --data or --postgres, not both: the ledger is in one place.");
            }
        });
    }

    public string DataDirectory(ParseResult parsed) => Path.GetFullPath(parsed.GetValue(_data) ?? DefaultDirectory);

    public string? Postgres(ParseResult parsed) => parsed.GetValue(_postgres);
}
