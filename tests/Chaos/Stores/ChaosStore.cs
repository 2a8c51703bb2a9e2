using Gongji.Chaos.Faults;

namespace Gongji.Chaos.Stores;

/// <summary>A store of the ledger that can be harmed.</summary>
internal abstract class ChaosStore : IAsyncDisposable
{
    public abstract StoreKind Kind { get; }

    /// <summary>The product's arguments that name it.</summary>
    public abstract string[] Arguments { get; }

    /// <summary>The same for an audit, which does not pass through the faults.</summary>
    public abstract string[] AuditArguments { get; }

    /// <summary>The faults that can happen to the store, and to the product on it.</summary>
    public IReadOnlyList<Fault> Faults => [new KillFault(), new FreezeFault(), new ClockFault(), new ClockBackFault(), .. StoreFaults];

    protected abstract IEnumerable<Fault> StoreFaults { get; }

    public abstract ValueTask DisposeAsync();
}
