namespace Gongji.Ledger.Audit;

/// <summary>The form that an entry's kind gives it: its leg, its detail and the pockets it may change.</summary>
public static class EntryShape
{
    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Whether a time can be reckoned with at all; a damaged store may hold any number.</summary>
    public static bool IsPlausible(DateTimeOffset at) => at >= Earliest && at < Latest;

    /// <summary>Whether the amounts are those that a kind may have.</summary>
    public static bool HasAmountsOfKind(Entry entry)
    {
        // Unchecked, since a damaged entry may hold any number: -x of the smallest one is itself, and not positive.
        unchecked
        {
            (long personal, long wallet, long held, long quota) = entry.Amounts;
            return quota == 0 && entry.Kind switch
            {
                EntryKind.Credit => personal > 0 && wallet == 0 && held == 0,
                EntryKind.Hold => held > 0 && ((personal == -held && wallet == 0) || (wallet == -held && personal == 0)),
                EntryKind.Receive => wallet > 0 && personal == 0 && held == 0,
                EntryKind.Post => held < 0 && personal == 0 && wallet == 0,
                EntryKind.Void => -held > 0 && ((personal == -held && wallet == 0) || (wallet == -held && personal == 0)),
                _ => personal == 0 && wallet == 0 && held == 0,
            };
        }
    }

    /// <summary>The place in its operation that an entry of a kind takes.</summary>
    public static Leg LegOf(EntryKind kind) => kind switch
    {
        EntryKind.Receive or EntryKind.Decline => Leg.Answer,
        EntryKind.Post or EntryKind.Void => Leg.Outcome,
        EntryKind.Credit or EntryKind.Hold or EntryKind.SettlementConfirmed or EntryKind.ToppedUp => Leg.Opening,
        _ => Leg.Place,
    };

    /// <summary>Whether the detail is the one of its kind, with values that mean something.</summary>
    public static bool HasDetailOfKind(Entry entry) => entry.Kind switch
    {
        EntryKind.Registered or EntryKind.InsuranceChanged =>
            entry.Detail is Registration { From: null } registration && IsMeaningful(registration),
        EntryKind.Moved => entry.Detail is Registration { From: not null } registration && IsMeaningful(registration),
        EntryKind.WalletOpened or EntryKind.WalletChanged => entry.Detail is WalletTerms,
        EntryKind.Credit => entry.Detail is CreditTerms,
        EntryKind.Hold => entry.Detail is HoldTerms terms && Enum.IsDefined(terms.Kinship),
        EntryKind.Receive => entry.Detail is ReceiveTerms,
        EntryKind.Decline or EntryKind.Void => entry.Detail is EndTerms terms && Enum.IsDefined(terms.Reason),
        EntryKind.Post => entry.Detail is null,
        EntryKind.DayClosed => entry.Detail is DayClosing closing && Enum.IsDefined(closing.Basis),
        EntryKind.SettlementConfirmed => entry.Detail is SettlementTerms { AmountFen: > 0 } terms && terms.From != terms.To,
        EntryKind.StatementSigned => entry.Detail is StatementSignature,
        EntryKind.ToppedUp => entry.Detail is TopUpTerms { AmountFen: > 0 },
        _ => false,
    };

    /// <summary>The pocket a hold took its money from, or a void gave it back to.</summary>
    public static TransferSource SourceOf(Entry holdOrVoid) =>
        holdOrVoid.Amounts.PersonalFen != 0 ? TransferSource.Personal : TransferSource.Wallet;

    /// <summary>Amounts for a message, without their sum, which on a damaged store may be past 64 bits.</summary>
    public static string Text(Amounts amounts) =>
        $"(personal {amounts.PersonalFen}, wallet {amounts.WalletFen}, held {amounts.HeldFen}, quota {amounts.QuotaFen})";

    private static bool IsMeaningful(Registration registration) =>
        registration.Insurance is Insurance.Employee or Insurance.Resident
        && registration.Status is InsuranceStatus.Active or InsuranceStatus.Stopped;
}
