using System.Globalization;
using Gongji.Grains;
using Gongji.LocalRuntime;
using Gongji.Simulation.Bugs;
using Gongji.Simulation.Kernel;
using Gongji.Simulation.Running;
using Gongji.Simulation.Store;
using Orleans;

namespace Gongji.Simulation.Cluster;

/// <summary>The silos of a run and the one database they share.</summary>
public sealed class SimulatedCluster
{
    private readonly SimulationCore _core;
    private readonly LocalCluster _cluster;
    private readonly SimulatedDatabase _database;
    private readonly StoreWeather _weather;
    private readonly PlantedBug? _bug;
    private readonly Prng _prng;
    private readonly List<SimulatedSilo> _silos = [];
    private readonly JournalOptions _journal;
    private readonly TimeSpan _collectionAge;
    private readonly int _debitsPerSlice;
    private int _started;

    public SimulatedCluster(SimulationCore core, SimulatedDatabase database, PlantedBug? bug)
    {
        (_core, _database, _bug) = (core, database, bug);
        _weather = new StoreWeather(core);
        _prng = core.Chance("silos");
        _cluster = new LocalCluster(new LocalClusterOptions
        {
            Executor = core.Executor,
            TimeProvider = core.Time,
            Transport = new SimulatedNetwork(core),
            PlacementRandom = new PlacementRandom(core.Chance("placement")),
            DeathDetectionDelay = TimeSpan.FromSeconds(_prng.Pick<int>([1, 2, 5])),
            ClientResponseTimeout = core.Faults.ResponseTimeout,
        });

        // Chains are short, so that new ones begin. They have their own source of chance, so that existing seeds keep their meaning.
        Prng chains = core.Chance("chains");
        _journal = new JournalOptions
        {
            Writer = "silo",
            Partitions = _prng.Between(1, 3),
            QueueEntriesMax = _prng.Chance(0.15) ? _prng.Between(2, 12) : StorageLimits.QueueEntriesMax,
            BatchEntriesMax = _prng.Chance(0.3) ? _prng.Between(1, 16) : StorageLimits.BatchEntriesMax,
            SuccessorEntriesMin = _prng.Chance(0.7) ? _prng.Between(1, 4) : StorageLimits.SuccessorEntriesMin,
            SmallBatchInterval = TimeSpan.FromMilliseconds(_prng.Chance(0.5) ? StorageLimits.SmallBatchIntervalMs : _prng.Between(0, 50)),
            BatchesPerChain = chains.Chance(0.4) ? chains.Between(1, 60) : StorageLimits.BatchesPerChain,
            Grace = TimeSpan.FromMilliseconds(_prng.Chance(0.5) ? StorageLimits.GraceMs : _prng.Between(20, 500)),
        };
        _collectionAge = TimeSpan.FromSeconds(_prng.Chance(0.5) ? _prng.Between(1, 5) : 900);

        // Few debits per slice, so that slices run out.
        _debitsPerSlice = _prng.Chance(0.7) ? _prng.Between(1, 8) : GrainLimits.DebitsPerSlice;
        for (int i = 0; i < core.Faults.Silos; i++)
        {
            Add();
        }
    }

    public IClusterClient Client => _cluster.Client;

    public SimulatedDatabase Database => _database;

    public StoreWeather Weather => _weather;

    /// <summary>Whether queues are so short that a full one may refuse without any fault.</summary>
    public bool HasShortQueues => _journal.QueueEntriesMax < StorageLimits.QueueEntriesMax;

    public IReadOnlyList<SimulatedSilo> Silos => _silos;

    public bool IsHealthy => _silos.Exists(silo => silo.IsAlive) && _silos.TrueForAll(silo => !silo.IsAlive || silo.IsHealthy);

    /// <summary>Starts another silo.</summary>
    public SimulatedSilo Add()
    {
        string name = "silo" + (++_started).ToString(CultureInfo.InvariantCulture);
        TimeSpan error = _core.Faults.ClockError * (2 * _prng.NextDouble() - 1);
        SiloPlan plan = new() { ClockError = error, Journal = _journal, CollectionAge = _collectionAge, DebitsPerSlice = _debitsPerSlice };
        SimulatedStore store = _bug?.MakeStore?.Invoke(_core, _database, _weather, name) ?? new SimulatedStore(_core, _database, _weather, name);
        SimulatedSilo silo = new(_core, _cluster, name, store, _bug?.Change?.Invoke(plan, _core) ?? plan);
        _silos.Add(silo);
        _core.Trace.Add("silo-started", name, default, error.Ticks);
        return silo;
    }

    /// <summary>Releases the silos' resources after the run.</summary>
    public void Discard() => _silos.ForEach(silo => silo.Discard());

    /// <summary>Picks a silo that takes part in the cluster, provided that more than <paramref name="remaining"/> do.</summary>
    public SimulatedSilo? PickLive(Prng prng, int remaining)
    {
        List<SimulatedSilo> live = _silos.FindAll(silo => silo.IsAlive && !silo.IsOut);
        return live.Count > remaining ? prng.Pick(live) : null;
    }

    /// <summary>Draws the runtime's placement decisions from the seed.</summary>
    private sealed class PlacementRandom(Prng prng) : Random(0)
    {
        public override int Next(int maxValue) => prng.Next(maxValue);
    }
}
