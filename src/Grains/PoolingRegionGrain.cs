using Gongji.Grains.Messages;
using Gongji.Ledger;
using Gongji.Storage;
using Microsoft.Extensions.Logging;

namespace Gongji.Grains;

/// <inheritdoc cref="IPoolingRegionGrain"/>
/// <remarks>
/// Rules are grain state; fund and position are never kept here but summed from the ledger's deltas, so they cannot drift. Reentrant: while a
/// change waits until it is in force everywhere, transfers need the rules and other changes go on; only what reads or writes the state comes one after another.
/// </remarks>
[Reentrant]
internal sealed class PoolingRegionGrain(
    [PersistentState("rules", GrainStorage.Regions)] IPersistentState<RegionRecord> record,
    ILedgerStore store,
    RegionRulesCache cache,
    RulesPropagation propagation,
    ILogger<PoolingRegionGrain> logger)
    : Grain, IPoolingRegionGrain
{
    private readonly OneAtATime _state = new();

    /// <summary>What is known to be stored, which is all that anybody is told: the record is ahead of it while a write is under way.</summary>
    private RegionRecord? _durable;

    /// <summary>When that was so. At first: before the runtime reads the state, which it does after making the grain. Null after a write that failed: what is stored is not known.</summary>
    private long? _knownAt = propagation.Now;

    private RegionCode Region => RegionCode.Parse(this.GetPrimaryKeyString());

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await SetCapAsync(cancellationToken);
        _durable = Current;
    }

    public Task<Reply<RegionView>> PutAsync(PutRegion command) => CallFailures.CarryAsync(() => PutAsync(command, isFirst: false));

    public Task<Reply<RegionView>> PutFirstAsync(PutRegion command) => CallFailures.CarryAsync(() => PutAsync(command, isFirst: true));

    public async Task<Reply<RegionView>> GetAsync()
    {
        Reply<RegionView> described = await DescribeAsync();
        if (described.IsRefused)
        {
            return described;
        }

        RegionPosition position = default;
        try
        {
            foreach ((DeltaKey key, DeltaSum sum) in await store.ReadDeltasAsync(Region, CancellationToken.None))
            {
                position = position.Add(Region, key, sum.AmountFen);
            }
        }
        catch (StoreUnavailableException)
        {
            return Reply.Refused<RegionView>(Refusals.Unavailable);
        }

        return Reply.Of(described.Value with { FundFen = position.FundFen, NetFen = position.NetFen });
    }

    public async Task<Reply<RegionView>> DescribeAsync() =>
        await StoredAsync() is { } current ? Reply.Of(new RegionView(Region.ToString(), current.Name, current.Rules, 0, 0)) : NoSuchRegion<RegionView>();

    public async Task<Reply<RulesRecord>> GetRulesAsync() => await StoredAsync() is { } stored ? Reply.Of(stored.Rules) : NoSuchRegion<RulesRecord>();

    public Task<Reply<RulesRecord>> ApplyTopUpsAsync() => CallFailures.CarryAsync(RaiseAsync);

    private async Task<Reply<RulesRecord>> RaiseAsync()
    {
        if (await StoredAsync() is null)
        {
            return NoSuchRegion<RulesRecord>();
        }

        await _state.RunAsync(Guid.Empty, _ => FoldTopUpsAsync());
        return await GetRulesAsync();
    }

    private async Task<Reply<RegionView>> PutAsync(PutRegion command, bool isFirst)
    {
        bool isSet = await _state.RunAsync(Guid.Empty, async _ =>
        {
            await RefreshAsync();
            if (isFirst && record.RecordExists)
            {
                return false;
            }

            await WriteAsync(new RegionRecord { Name = command.Name, Rules = command.Rules, TopUps = _durable?.TopUps ?? 0 });
            return true;
        });
        if (isSet)
        {
            await propagation.WaitAsync();
            logger.RulesSet(Region.ToString());
        }

        return await GetAsync();
    }

    /// <summary>The record says up to which of the region's top-ups its cap has them, so none counts twice, whatever is interrupted.</summary>
    private async Task<bool> FoldTopUpsAsync()
    {
        await RefreshAsync();
        RegionRecord current = _durable!;
        IReadOnlyList<Entry> topUps = await store.ReadEntriesAsync(
            ClearingAccounts.OfPrepayment(Region), current.TopUps, GrainLimits.EntriesPerRead, CancellationToken.None);
        if (topUps.Count == 0)
        {
            return false;
        }

        long? capFen = current.Rules.NetDebitCapFen + topUps.Sum(entry => ((TopUpTerms)entry.Detail!).AmountFen);
        RulesRecord raised = current.Rules with { NetDebitCapFen = capFen is { } fen ? Math.Min(fen, Limits.BalanceFenMax) : null };
        await WriteAsync(new RegionRecord { Name = current.Name, Rules = raised, TopUps = topUps[^1].Version });
        return true;
    }

    private bool IsFresh => _knownAt is { } knownAt && propagation.IsFresh(knownAt);

    /// <summary>What is stored, or was a moment ago; null for a region that nobody knows.</summary>
    private async ValueTask<RegionRecord?> StoredAsync()
    {
        if (!IsFresh)
        {
            await _state.RunAsync(Guid.Empty, _ => RefreshAsync());
        }

        return _durable;
    }

    /// <summary>Reads the state anew when it was read long ago: another activation may have changed it, on a silo that was taken for dead, say, and answered so.</summary>
    private async Task<bool> RefreshAsync()
    {
        if (IsFresh)
        {
            return false;
        }

        long asked = propagation.Now;
        await record.ReadStateAsync();
        if (record.RecordExists && record.State.Revision != _durable?.Revision)
        {
            await SetCapAsync(CancellationToken.None);
        }

        (_durable, _knownAt) = (Current, asked);
        return true;
    }

    /// <summary>The store's cap follows the rules: a change may have been interrupted between the two.</summary>
    private Task SetCapAsync(CancellationToken cancellationToken) => record.RecordExists
        ? store.Escrow.SetCapAsync(Region, record.State.Rules.NetDebitCapFen, record.State.Revision, cancellationToken)
        : Task.CompletedTask;

    private async Task<RegionRecord> WriteAsync(RegionRecord changed)
    {
        if (!RegionCatalogue.Regions.ContainsKey(Region))
        {
            await GrainFactory.GetGrain<IRegionDirectoryGrain>(0).AddAsync(Region.ToString());
        }

        changed.Revision = (record.RecordExists ? record.State.Revision : 0) + 1;
        record.State = changed;
        long asked = propagation.Now;
        try
        {
            await record.WriteStateAsync();
            await SetCapAsync(CancellationToken.None);
        }
        catch
        {
            // Whatever is stored now, it is not known to be this. The next activation reads it, and so does whoever waits behind this change here: no transfer is decided by what
            // is not durable, and no change follows another one than the last.
            _knownAt = null;
            DeactivateOnIdle();
            throw;
        }

        (_durable, _knownAt) = (changed, asked);
        cache.Set(Region, changed.Rules.ToRules());
        return changed;
    }

    /// <summary>What an operator set, or else what the catalogue says with default rules; null for a region that nobody knows.</summary>
    private RegionRecord? Current =>
        record.RecordExists ? record.State
        : RegionCatalogue.Regions.TryGetValue(Region, out CatalogueRegion? region) ? new RegionRecord { Name = region.Name, Rules = RulesRecord.Of(RegionRules.Default) }
        : null;

    private Reply<T> NoSuchRegion<T>()
        where T : class => Reply.Refused<T>(RefusalCode.NoSuchRegion, $"There is no region {this.GetPrimaryKeyString()}.");
}

/// <summary>A region's name and rules, as grain state.</summary>
[GenerateSerializer, Alias("gongji.region-record")]
public sealed class RegionRecord
{
    [Id(0)]
    public string Name { get; set; } = string.Empty;

    /// <summary>Begins with zeros, not with a new region's rules: a document that leaves out zeros (Orleans writes such) must be read as it was set.</summary>
    [Id(1)]
    public RulesRecord Rules { get; set; } = new();

    /// <summary>Grows by one with each change: what follows from a change can tell which is later.</summary>
    [Id(2)]
    public long Revision { get; set; }

    /// <summary>The version of the region's last top-up that its cap has; see <see cref="ClearingAccounts.OfPrepayment"/>.</summary>
    [Id(3)]
    public long TopUps { get; set; }
}
