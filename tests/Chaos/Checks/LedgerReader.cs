using System.Text.Json.Nodes;
using Gongji.Chaos.Load;

namespace Gongji.Chaos.Checks;

/// <summary>Reads the entries of all accounts, each once, and keeps them by operation.</summary>
internal sealed class LedgerReader
{
    private const int EntriesPerPage = 1_000;

    private static readonly HashSet<string> WithoutId = ["registered", "insurance-changed", "moved", "wallet-opened", "wallet-changed", "relation-proposed", "relation-consented", "relation-joined"];

    private readonly Dictionary<string, long> _after = [];
    private readonly Dictionary<Guid, List<LedgerEntry>> _byOperation = [];

    /// <summary>The number of entries read so far.</summary>
    public long Count { get; private set; }

    public IReadOnlyList<LedgerEntry> Of(Guid operation) => _byOperation.TryGetValue(operation, out List<LedgerEntry>? entries) ? entries : [];

    /// <summary>Reads the new entries, and returns the operations that they belong to.</summary>
    public async Task<IReadOnlySet<Guid>> ReadNewAsync(Caller caller)
    {
        HashSet<Guid> touched = [];
        Lock gate = new();
        await Parallel.ForEachAsync(People.Everybody, new ParallelOptions { MaxDegreeOfParallelism = ChaosLimits.ChecksAtOnce }, async (person, _) =>
        {
            long after;
            lock (gate)
            {
                after = _after.GetValueOrDefault(person);
            }

            long? next = after;
            while (next is { } from)
            {
                string path = string.Create(CultureInfo.InvariantCulture, $"/v1/persons/{person}/entries?after={from}&limit={EntriesPerPage}");
                Answer page = await caller.GetAsync(path);
                if (page.Status != 200 || page.Json is not { } json)
                {
                    throw new ChaosException($"GET {path} got {page}");
                }

                lock (gate)
                {
                    foreach (JsonNode? entry in json["entries"]!.AsArray())
                    {
                        Take(person, entry!, touched);
                    }
                }

                next = (long?)json["next"];
            }
        });
        return touched;
    }

    private void Take(string person, JsonNode entry, HashSet<Guid> touched)
    {
        Count++;
        _after[person] = (long)entry["version"]!;
        string kind = (string)entry["kind"]!;
        if (WithoutId.Contains(kind))
        {
            return;
        }

        Guid operation = Guid.Parse((string)entry["id"]!);
        JsonNode amounts = entry["amounts"]!;
        if (!_byOperation.TryGetValue(operation, out List<LedgerEntry>? entries))
        {
            _byOperation.Add(operation, entries = []);
        }

        entries.Add(new LedgerEntry(person, kind, (long)amounts["personalFen"]!, (long)amounts["walletFen"]!, (long)amounts["heldFen"]!));
        touched.Add(operation);
    }
}
