namespace Gongji.Ledger;

/// <summary>The table of a range of clearing days, summed from deltas; no entry is read for it.</summary>
public sealed class Statistics
{
    private readonly Dictionary<Tier, DeltaSum> _aid = [];
    private readonly Dictionary<Tier, DeltaSum> _transfers = [];

    /// <summary>共济: money of one person's account that pays for another person's payment or contribution.</summary>
    public static IReadOnlyList<Activity> AidActivities { get; } = [Activity.Draw, Activity.PharmacyDraw, Activity.ContributionDraw];

    /// <summary>What institutions were paid, no matter whose money it was.</summary>
    public static IReadOnlyList<Activity> PaymentActivities { get; } = [Activity.Payment, Activity.Draw, Activity.PharmacyPayment, Activity.PharmacyDraw];

    /// <summary>What went into insurance schemes, no matter whose money it was.</summary>
    public static IReadOnlyList<Activity> ContributionActivities { get; } = [Activity.Contribution, Activity.ContributionDraw];

    public static IReadOnlyList<Tier> AllTiers { get; } = [Tier.SameRegion, Tier.InProvince, Tier.CrossProvince];

    /// <summary>Wallets opened.</summary>
    public long WalletsOpened { get; private set; }

    public DeltaSum Payments { get; private set; }

    public DeltaSum Contributions { get; private set; }

    public DeltaSum Transfers => AllTiers.Aggregate(default(DeltaSum), (sum, tier) => sum + TransfersOf(tier));

    /// <summary>Adds up the deltas of the days in question.</summary>
    public static Statistics Of(IEnumerable<KeyValuePair<DeltaKey, DeltaSum>> deltas)
    {
        Statistics statistics = new();
        foreach ((DeltaKey key, DeltaSum sum) in deltas)
        {
            statistics.Add(key, sum);
        }

        return statistics;
    }

    public DeltaSum AidOf(Tier tier) => _aid.GetValueOrDefault(tier);

    /// <summary>Wallet transfers (钱包转账), counted when received.</summary>
    public DeltaSum TransfersOf(Tier tier) => _transfers.GetValueOrDefault(tier);

    private void Add(DeltaKey key, DeltaSum sum)
    {
        if (key.Activity == Activity.WalletOpened)
        {
            WalletsOpened = checked(WalletsOpened + sum.Count);
        }

        if (key.Activity == Activity.Transfer)
        {
            _transfers[key.Tier] = TransfersOf(key.Tier) + sum;
        }

        if (AidActivities.Contains(key.Activity))
        {
            _aid[key.Tier] = AidOf(key.Tier) + sum;
        }

        // A payment that several people pay together is one payment, counted with the beneficiary's part.
        DeltaSum paid = AidActivities.Contains(key.Activity) ? sum with { Count = 0 } : sum;
        Payments = PaymentActivities.Contains(key.Activity) ? Payments + paid : Payments;
        Contributions = ContributionActivities.Contains(key.Activity) ? Contributions + paid : Contributions;
    }
}
