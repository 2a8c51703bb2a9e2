using System.CommandLine;
using Gongji.Chaos;
using Gongji.Chaos.Stores;

Option<double> minutes = new("--minutes") { Description = "How long; every fault that has begun is brought to its end.", DefaultValueFactory = _ => 5 };
Option<int?> seed = new("--seed") { Description = "Decides the order of faults and what is asked; random by default." };
Option<string> store = new("--store") { Description = "Where the ledger is.", DefaultValueFactory = _ => "both" };
store.AcceptOnlyFromAmong("postgres", "sqlite", "both");
Option<string?> fault = new("--fault") { Description = "Injects only this one." };
RootCommand root = new("Process-level fault tests: kills, cuts, freezes and starves the product and its stores under continuous load, and checks that nothing is lost or doubled.")
{
    minutes, seed, store, fault,
};
root.SetAction((parsed, cancellationToken) =>
{
    StoreKind[] stores = parsed.GetValue(store) switch
    {
        "postgres" => [StoreKind.Postgres],
        "sqlite" => [StoreKind.Sqlite],
        _ => [StoreKind.Postgres, StoreKind.Sqlite],
    };
    ChaosOptions options = new(TimeSpan.FromMinutes(parsed.GetValue(minutes)), parsed.GetValue(seed) ?? Random.Shared.Next(1, 1_000_000), stores, parsed.GetValue(fault));
    return new ChaosRun(options, Console.Out).RunAsync(cancellationToken);
});

// A signal ends the run after the current round, so that everything it started ends with it.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(3) });
