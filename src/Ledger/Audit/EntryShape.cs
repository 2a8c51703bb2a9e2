namespace Gongji.Ledger.Audit;

/// <summary>The form that an entry must have by its kind: its leg, its detail and the pockets it may change.</summary>
public static class EntryShape
{
    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The number of pockets that one payment can draw on: two for each party.</summary>
    private const int PartsMax = (Legs.PartiesMax + 1) * 2;

    /// <summary>
    /// Money that goes back to an account may take its balance beyond <see cref="Limits.BalanceFenMax"/>, and all of it can be paid out. So only amounts that could
    /// not be added up any more are taken for damage.
    /// </summary>
    private const long PartFenMax = long.MaxValue / PartsMax;

    /// <summary>Whether a time can be used in calculations at all; a damaged store may hold any number.</summary>
    public static bool IsPlausible(DateTimeOffset at) => at >= Earliest && at < Latest;

    /// <summary>Whether the amounts are those that a kind may have.</summary>
    public static bool HasAmountsOfKind(Entry entry)
    {
        // Unchecked, since a damaged entry may hold any number: the negation of the smallest one is itself, and not positive.
        unchecked
        {
            (long personal, long wallet, long held, long quota) = entry.Amounts;
            return entry.Kind switch
            {
                EntryKind.InsuranceChanged or EntryKind.Moved or EntryKind.RelationDissolved => personal >= 0 && quota == -personal && wallet == 0 && held == 0,
                EntryKind.RelationProposed or EntryKind.QuotaChanged => quota == -personal && wallet == 0 && held == 0,
                EntryKind.DrawHeld => personal <= 0 && quota <= 0 && wallet == 0 && held > 0 && held == -personal - quota,
                EntryKind.DrawVoided => personal >= 0 && quota >= 0 && wallet == 0 && held < 0 && held == -personal - quota,
                EntryKind.DrawRefunded => personal >= 0 && quota >= 0 && personal + quota > 0 && wallet == 0 && held == 0,
                _ => quota == 0 && HasAmountsWithoutQuota(entry.Kind, personal, wallet, held),
            };
        }
    }

    private static bool HasAmountsWithoutQuota(EntryKind kind, long personal, long wallet, long held)
    {
        unchecked
        {
            return kind switch
            {
                EntryKind.Credit => personal > 0 && wallet == 0 && held == 0,
                EntryKind.CreditCorrected => personal != 0 && wallet == 0 && held == 0,
                EntryKind.Paid => personal <= 0 && wallet <= 0 && held == 0,
                EntryKind.PaymentOpened => personal <= 0 && wallet <= 0 && held == -personal - wallet,
                EntryKind.PaymentMade => held <= 0 && personal == 0 && wallet == 0,
                EntryKind.PaymentAbandoned => personal >= 0 && wallet >= 0 && held == -personal - wallet,
                EntryKind.DrawPosted => held < 0 && personal == 0 && wallet == 0,
                EntryKind.Refunded or EntryKind.RefundOpened => personal >= 0 && wallet >= 0 && held == 0,
                EntryKind.Hold => held > 0 && ((personal == -held && wallet == 0) || (wallet == -held && personal == 0)),
                EntryKind.Receive => wallet > 0 && personal == 0 && held == 0,
                EntryKind.Post => held < 0 && personal == 0 && wallet == 0,
                EntryKind.Void => -held > 0 && ((personal == -held && wallet == 0) || (wallet == -held && personal == 0)),
                _ => personal == 0 && wallet == 0 && held == 0,
            };
        }
    }

    /// <summary>Whether an entry has the leg that its kind takes.</summary>
    public static bool HasLegOfKind(Entry entry) => entry.Kind switch
    {
        EntryKind.Receive or EntryKind.Decline or EntryKind.PaymentMade or EntryKind.PaymentAbandoned => entry.Leg == Leg.Answer,
        EntryKind.Post or EntryKind.Void or EntryKind.RefundDone or EntryKind.RelationsEnded => entry.Leg == Leg.Outcome,
        EntryKind.Credit or EntryKind.CreditCorrected or EntryKind.Hold or EntryKind.Paid or EntryKind.PaymentOpened or EntryKind.Refunded or EntryKind.RefundOpened
            or EntryKind.SettlementConfirmed or EntryKind.ToppedUp =>
            entry.Leg == Leg.Opening,
        EntryKind.DrawHeld or EntryKind.ContributionClaimed or EntryKind.DrawRefunded or EntryKind.ContributionReleased => Legs.IsPart(entry.Leg, out _),
        EntryKind.DrawPosted or EntryKind.DrawVoided or EntryKind.ContributionKept or EntryKind.ContributionDropped => Legs.IsPartOutcome(entry.Leg, out _),
        _ => entry.Leg == Leg.Place,
    };

    /// <summary>Whether the detail is that of the entry's kind, with values that make sense.</summary>
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
        EntryKind.Post or EntryKind.WalletClosed or EntryKind.PaymentAbandoned or EntryKind.DrawPosted or EntryKind.DrawVoided or EntryKind.RefundDone or EntryKind.RelationsEnded =>
            entry.Detail is null,
        EntryKind.CreditCorrected => entry.Detail is CorrectionTerms,
        EntryKind.Paid or EntryKind.PaymentOpened or EntryKind.PaymentMade => entry.Detail is PaymentTerms terms && IsMeaningful(terms.Bill) && IsMeaningful(terms.Parts),
        EntryKind.DrawHeld => entry.Detail is DrawTerms terms && IsMeaningful(terms.Bill),
        EntryKind.ContributionClaimed or EntryKind.ContributionKept or EntryKind.ContributionDropped or EntryKind.ContributionReleased =>
            entry.Detail is ContributionTerms terms && Enum.IsDefined(terms.Contribution.Scheme),
        EntryKind.Refunded or EntryKind.RefundOpened =>
            entry.Detail is RefundTerms terms && IsMeaningful(terms.Bill) && IsMeaningful(terms.Parts) && terms.Indexes.Count == terms.Parts.Count,
        EntryKind.DrawRefunded => entry.Detail is DrawRefundTerms,
        EntryKind.RelationProposed or EntryKind.RelationConsented or EntryKind.QuotaChanged =>
            entry.Detail is RelationTerms { GrantedFen: >= 0 } terms && Enum.IsDefined(terms.Kinship),
        EntryKind.RelationDissolved => entry.Detail is DissolvedTerms,
        EntryKind.RelationJoined or EntryKind.RelationLeft => entry.Detail is GiverTerms,
        EntryKind.RelativesOrdered => entry.Detail is RelativesOrder order && !order.First.Contains(null!),
        EntryKind.DayClosed => entry.Detail is DayClosing closing && Enum.IsDefined(closing.Basis),
        EntryKind.SettlementConfirmed => entry.Detail is SettlementTerms { AmountFen: > 0 } terms && terms.From != terms.To,
        EntryKind.StatementSigned => entry.Detail is StatementSignature,
        EntryKind.ToppedUp => entry.Detail is TopUpTerms { AmountFen: > 0 },
        _ => false,
    };

    /// <summary>The pocket a hold took its money from, or a void gave it back to.</summary>
    public static TransferSource SourceOf(Entry holdOrVoid) =>
        holdOrVoid.Amounts.PersonalFen != 0 ? TransferSource.Personal : TransferSource.Wallet;

    /// <summary>Amounts for a message, without their sum, which may exceed 64 bits in a damaged store.</summary>
    public static string Text(Amounts amounts) =>
        $"(personal {amounts.PersonalFen}, wallet {amounts.WalletFen}, held {amounts.HeldFen}, quota {amounts.QuotaFen})";

    private static bool IsMeaningful(Registration registration) =>
        registration.Insurance is Insurance.Employee or Insurance.Resident
        && registration.Status is InsuranceStatus.Active or InsuranceStatus.Stopped;

    private static bool IsMeaningful(Bill bill) =>
        Enum.IsDefined(bill.Purpose) && (bill.Purpose == PaymentPurpose.Contribution) == (bill.Contribution is not null)
        && (bill.Contribution is not { } contribution || Enum.IsDefined(contribution.Scheme));

    private static bool IsMeaningful(IReadOnlyList<PaymentPart> parts) =>
        parts.Count <= PartsMax && parts.All(part => part is { Account: not null, AmountFen: > 0 and <= PartFenMax } && Enum.IsDefined(part.Pocket));
}
