using Gongji.Grains.Messages;
using Gongji.Ledger;
using Gongji.Storage;
using Microsoft.Extensions.Logging;

namespace Gongji.Grains;

/// <inheritdoc cref="IPoolingRegionGrain"/>
/// <remarks>
/// Rules are grain state. Fund and position are never kept here but summed from the ledger's deltas, so they cannot drift. Reentrant: while a
/// change waits until it is in force everywhere, transfers can still read the rules and other changes can proceed. Only code that reads or writes the state runs one at a time.
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

    /// <summary>What is known to be stored, and the only thing that callers are told: during a write, the record is ahead of it.</summary>
    private RegionRecord? _durable;

    /// <summary>When that was known. At first: before the runtime reads the state, which it does after making the grain. Null after a failed write, when that is unknown.</summary>
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

        Reply<RegionView> now = await GetAsync();

        // The rules are set even when the region's position cannot be read for the answer.
        return isSet && now.IsRefused ? Reply.Refused<RegionView>(Refusals.Unknown) : now;
    }

    /// <summary>Adds new top-ups to the cap. The record says up to which of the region's top-ups the cap includes them, so none counts twice, whatever is interrupted.</summary>
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

    /// <summary>What is stored, or was a moment ago; null for an unknown region.</summary>
    private async ValueTask<RegionRecord?> StoredAsync()
    {
        if (!IsFresh)
        {
            await _state.RunAsync(Guid.Empty, _ => RefreshAsync());
        }

        return _durable;
    }

    /// <summary>Reads the state again if it was read too long ago: another activation may have changed it, for example on a silo that was taken for dead.</summary>
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

    /// <summary>Sets the store's cap to that of the rules: a change may have been interrupted between the two.</summary>
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
            // It is unknown whether this change is stored. The next activation reads the state, and so does a call waiting behind this one: no transfer is decided by rules that are
            // not durable, and every change follows the last one.
            _knownAt = null;
            DeactivateOnIdle();
            throw;
        }

        (_durable, _knownAt) = (changed, asked);
        cache.Set(Region, changed.Rules.ToRules());
        return changed;
    }

    /// <summary>What an operator set, or else the catalogue's region with default rules; null for an unknown region.</summary>
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

    /// <summary>Begins with zeros, not with a new region's rules: Orleans writes documents that leave zeros out, and they must be read as they were set.</summary>
    [Id(1)]
    public RulesRecord Rules { get; set; } = new();

    /// <summary>Grows by one with each change, so that what follows from two changes can be put in order.</summary>
    [Id(2)]
    public long Revision { get; set; }

    /// <summary>The version of the last top-up that the region's cap includes; see <see cref="ClearingAccounts.OfPrepayment"/>.</summary>
    [Id(3)]
    public long TopUps { get; set; }
}
