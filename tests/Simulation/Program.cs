using System.CommandLine;
using Gongji.Simulation;
using Gongji.Simulation.Bugs;

Option<int> seeds = new("--seeds") { Description = "How many seeds to run.", DefaultValueFactory = _ => 100 };
Option<ulong> first = new("--first") { Description = "The first of them.", DefaultValueFactory = _ => 1 };
Option<ulong?> seed = new("--seed") { Description = "Runs this seed alone." };
Option<int> commands = new("--commands") { Description = "Runs no more than so many commands of the workload.", DefaultValueFactory = _ => int.MaxValue };
Option<bool> trace = new("--trace") { Description = "Prints everything that happens, with --seed." };
Option<bool> calm = new("--calm") { Description = "Long runs without faults, to measure how fast the simulator is." };
Option<string?> bug = new("--bug") { Description = "Plants a known mistake; 'list' names them." };
Option<bool> coverage = new("--coverage") { Description = "Prints how often each fault and each branch of the money path was reached." };

RootCommand root = new(
    "The deterministic simulator of the ledger: one seed decides every interleaving, crash and lost message. "
    + "A money movement is a credit, a receipt, a return, a payment or a refund: the holds and posts of a transfer, which change balances too, are counted as entries alone.")
{
    seeds, first, seed, commands, trace, calm, bug, coverage,
};
root.SetAction(parsed =>
{
    string? name = parsed.GetValue(bug);
    if (name == "list")
    {
        foreach (PlantedBug planted in BugList.All)
        {
            Console.WriteLine($"{planted.Name,-34} {planted.Description}");
        }

        return 0;
    }

    PlantedBug? chosen = name is null ? null : BugList.Find(name);
    if (name is not null && chosen is null)
    {
        Console.Error.WriteLine($"There is no bug '{name}'; --bug list names them.");
        return 2;
    }

    SimulateCommand command = new(Console.Out, chosen, parsed.GetValue(commands), parsed.GetValue(calm), parsed.GetValue(coverage));
    return parsed.GetValue(seed) is { } one
        ? command.RunOne(one, parsed.GetValue(trace))
        : command.RunMany(parsed.GetValue(first), parsed.GetValue(seeds));
});
return root.Parse(args).Invoke();
