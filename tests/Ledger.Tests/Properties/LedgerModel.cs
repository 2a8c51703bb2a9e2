namespace Gongji.Ledger.Tests;

/// <summary>The ledger did not do what the model predicts.</summary>
internal sealed class ModelException(string message) : Exception(message);

/// <summary>
/// The rules a second time, written as plainly as possible and without the ledger's own code: milliseconds instead of dates, and sums instead of
/// running balances. It predicts the result of each command, and checks invariants 1 to 4 and 6 after each entry.
/// </summary>
internal sealed partial class LedgerModel
{
    private const long Day = 24 * 60 * 60 * 1_000;
    private const long Hour = 60 * 60 * 1_000;
    private const long ShanghaiOffset = 8 * Hour;

    private readonly Dictionary<string, ModelPerson> _persons = [];
    private readonly Dictionary<Guid, ModelTransfer> _transfers = [];
    private readonly HashSet<Guid> _usedIds = [];
    private long _creditsFen;
    private long _pocketsFen;
    private long _inTransitFen;

    private sealed class ModelPerson
    {
        public bool Known;
        public RegionCode Region;
        public bool Employee;
        public bool Active;
        public bool Wallet;
        public bool Auto;
        public RegionCode Place;
        public long PersonalFen;
        public long WalletFen;
        public long HeldFen;
        public long QuotaFen;
        public long Version;
        public long LastMs = long.MinValue;
        public Dictionary<long, int> TransfersByDay = [];
    }

    private sealed class ModelTransfer
    {
        public required string Payer;
        public required string Payee;
        public required bool FromPersonal;
        public required long AmountFen;
        public required long ExpiresMs;
        public required bool Auto;
        public EntryKind? Answer;
        public EndReason Reason;
        public bool Ended;
    }

    /// <summary>The expected result of a command: an entry, nothing, a duplicate, or a refusal with any of these codes.</summary>
    internal sealed record Expected(bool Entry, bool Duplicate, IReadOnlyCollection<RefusalCode> Codes)
    {
        public static Expected Appended { get; } = new(true, false, []);

        public static Expected Nothing { get; } = new(false, false, []);

        public static Expected IsDuplicate { get; } = new(false, true, []);

        public static Expected Refused(params RefusalCode[] codes) => new(false, false, codes);

        public void Compare(Step step, LedgerAnswer answer)
        {
            bool same = Entry == answer.Entry is not null && Duplicate == answer.IsDuplicate
                && (answer.Refusal is { } code ? Codes.Contains(code) : Codes.Count == 0);
            if (!same)
            {
                throw new ModelException($"{step}\n  expected {Text}, the ledger said {answer}.");
            }
        }

        private string Text => Entry ? "an entry" : Duplicate ? "a duplicate" : Codes.Count == 0 ? "nothing" : string.Join(" or ", Codes);
    }

    private ModelPerson Person(string name)
    {
        if (!_persons.TryGetValue(name, out ModelPerson? person))
        {
            _persons[name] = person = new ModelPerson();
        }

        return person;
    }

    public bool IsPayer(string person, Guid id) => _transfers.TryGetValue(id, out ModelTransfer? transfer) && transfer.Payer == person;

    public Expected Register(string name, RegionCode region, Insurance insurance, bool active, DateTimeOffset now)
    {
        ModelPerson person = Person(name);
        bool employee = insurance == Insurance.Employee;
        if (person.Known && person.Region == region && person.Employee == employee && person.Active == active)
        {
            return Expected.Nothing;
        }

        if (person.Known && person.Region != region && (person.HeldFen > 0 || HasParts(name)))
        {
            return Expected.Refused(RefusalCode.WrongState);
        }

        if (person.Known && (person.Region != region || !active))
        {
            // All relations end, and the earmarked money returns.
            (person.PersonalFen, person.QuotaFen) = (person.PersonalFen + person.QuotaFen, 0);
            EndQuotas(name);
        }

        (person.Known, person.Region, person.Employee, person.Active) = (true, region, employee, active);
        Tick(person, now);
        return Expected.Appended;
    }

    public Expected OpenWallet(string name, RegionCode place, bool auto, DateTimeOffset now)
    {
        ModelPerson person = Person(name);
        if (!person.Known)
        {
            return Expected.Refused(RefusalCode.NoSuchPerson);
        }

        if (!person.Active)
        {
            return Expected.Refused(RefusalCode.NotInsured);
        }

        if (person.Wallet && person.Auto == auto && person.Place == place)
        {
            return Expected.Nothing;
        }

        (person.Wallet, person.Auto, person.Place) = (true, auto, place);
        Tick(person, now);
        return Expected.Appended;
    }

    public Expected Credit(string name, Guid id, long amountFen, DateTimeOffset now)
    {
        ModelPerson person = Person(name);
        if (!person.Known)
        {
            return Expected.Refused(RefusalCode.NoSuchPerson);
        }

        if (!person.Employee || !person.Active)
        {
            return Expected.Refused(RefusalCode.NotInsured);
        }

        if (!_usedIds.Add(id))
        {
            return Expected.IsDuplicate;
        }

        person.PersonalFen += amountFen;
        _creditsFen += amountFen;
        _pocketsFen += amountFen;
        Tick(person, now);
        return Expected.Appended;
    }

    public Expected Hold(TransferOrder order, MemoryLedger ledger)
    {
        ModelPerson payer = Person(order.Payer);
        long at = TimeOf(payer, ledger.Now);
        HashSet<RefusalCode> codes = [.. Refusals(order, payer, Person(order.Payee), at, ledger)];
        if (codes.Count > 0)
        {
            return new Expected(false, false, codes);
        }

        if (!_usedIds.Add(order.Id))
        {
            return Expected.IsDuplicate;
        }

        bool fromPersonal = order.Source == TransferSource.Personal;
        _transfers.Add(order.Id, new ModelTransfer
        {
            Payer = order.Payer,
            Payee = order.Payee,
            FromPersonal = fromPersonal,
            AmountFen = order.AmountFen,
            ExpiresMs = NextSix(at),
            Auto = Person(order.Payee).Auto,
        });
        payer.PersonalFen -= fromPersonal ? order.AmountFen : 0;
        payer.WalletFen -= fromPersonal ? 0 : order.AmountFen;
        payer.HeldFen += order.AmountFen;
        payer.TransfersByDay[DayOf(at)] = payer.TransfersByDay.GetValueOrDefault(DayOf(at)) + 1;
        Tick(payer, ledger.Now);
        return Expected.Appended;
    }

    public Expected Receive(Guid id, DateTimeOffset now)
    {
        if (!_transfers.TryGetValue(id, out ModelTransfer? transfer))
        {
            return Expected.Refused(RefusalCode.NoSuchTransfer);
        }

        ModelPerson payee = Person(transfer.Payee);
        List<RefusalCode> codes = [];
        Require(codes, TimeOf(payee, now) < transfer.ExpiresMs, RefusalCode.WrongState);
        Require(codes, payee.Active, RefusalCode.NotInsured);
        Require(codes, payee.Wallet, RefusalCode.WalletNotOpen);
        if (codes.Count > 0)
        {
            return new Expected(false, false, codes);
        }

        if (transfer.Answer is not null)
        {
            return Expected.IsDuplicate;
        }

        transfer.Answer = EntryKind.Receive;
        payee.WalletFen += transfer.AmountFen;
        _pocketsFen += transfer.AmountFen;
        _inTransitFen += transfer.AmountFen;
        Tick(payee, now);
        return Expected.Appended;
    }

    public Expected Decline(Guid id, EndReason reason, DateTimeOffset now)
    {
        if (!_transfers.TryGetValue(id, out ModelTransfer? transfer))
        {
            return Expected.Refused(RefusalCode.NoSuchTransfer);
        }

        if (transfer.Answer is not null)
        {
            return Expected.IsDuplicate;
        }

        (transfer.Answer, transfer.Reason) = (EntryKind.Decline, reason);
        Tick(Person(transfer.Payee), now);
        return Expected.Appended;
    }

    public Expected Post(Guid id, DateTimeOffset now)
    {
        if (End(id, EntryKind.Receive, now) is { } refused)
        {
            return refused;
        }

        ModelTransfer transfer = _transfers[id];
        _pocketsFen -= transfer.AmountFen;
        _inTransitFen -= transfer.AmountFen;
        return Expected.Appended;
    }

    public Expected Void(Guid id, DateTimeOffset now)
    {
        if (End(id, EntryKind.Decline, now) is { } refused)
        {
            return refused;
        }

        ModelTransfer transfer = _transfers[id];
        ModelPerson payer = Person(transfer.Payer);
        payer.PersonalFen += transfer.FromPersonal ? transfer.AmountFen : 0;
        payer.WalletFen += transfer.FromPersonal ? 0 : transfer.AmountFen;
        return Expected.Appended;
    }

    private Expected? End(Guid id, EntryKind answer, DateTimeOffset now)
    {
        if (!_transfers.TryGetValue(id, out ModelTransfer? transfer))
        {
            return Expected.Refused(RefusalCode.NoSuchTransfer);
        }

        if (transfer.Answer != answer || transfer.Ended)
        {
            return Expected.Refused(RefusalCode.WrongState);
        }

        transfer.Ended = true;
        ModelPerson payer = Person(transfer.Payer);
        payer.HeldFen -= transfer.AmountFen;
        Tick(payer, now);
        return null;
    }

    private List<RefusalCode> Refusals(TransferOrder order, ModelPerson payer, ModelPerson payee, long at, MemoryLedger ledger)
    {
        List<RefusalCode> codes = [];
        RegionRules ours = ledger.RulesOf(payer.Region);
        RegionRules theirs = ledger.RulesOf(payee.Region);
        int tier = TierOf(payer.Region, payee.Region);
        long minute = (at + ShanghaiOffset) % Day / 60_000;
        long from = (long)ours.ClosedFrom.ToTimeSpan().TotalMinutes;
        long until = (long)ours.ClosedUntil.ToTimeSpan().TotalMinutes;
        bool fromPersonal = order.Source == TransferSource.Personal;
        Require(codes, payer.Known, RefusalCode.NoSuchPerson);
        Require(codes, order.Payer != order.Payee, RefusalCode.SamePerson);
        Require(codes, !fromPersonal || (payer.Employee && payer.Active), RefusalCode.NotInsured);
        Require(codes, payee.Known && payee.Active, RefusalCode.NotInsured);
        Require(codes, payer.Wallet && payee.Wallet, RefusalCode.WalletNotOpen);
        Require(codes, ((int)ours.Live >> tier & (int)theirs.Live >> tier & 1) == 1, RefusalCode.RegionNotLive);
        Require(codes, ((int)ours.Kinships >> (int)order.Kinship & (int)theirs.Kinships >> (int)order.Kinship & 1) == 1, RefusalCode.KinshipNotAllowed);
        Require(codes, order.AmountFen <= ours.MaxTransferFen, RefusalCode.AmountOverLimit);
        Require(codes, from <= until ? minute < from || minute >= until : minute < from && minute >= until, RefusalCode.OutsideHours);
        Require(codes, !Waits(order.Payer, order.Payee), RefusalCode.PreviousTransferWaiting);
        Require(codes, payer.TransfersByDay.GetValueOrDefault(DayOf(at)) < ours.MaxTransfersPerDay, RefusalCode.DailyCountExceeded);
        Require(codes, order.AmountFen <= (fromPersonal ? payer.PersonalFen : payer.WalletFen), RefusalCode.InsufficientFunds);
        return codes;
    }

    private static int TierOf(RegionCode one, RegionCode other) => one == other ? 1 : one.Value / 10_000 == other.Value / 10_000 ? 2 : 3;

    private bool Waits(string payer, string payee) =>
        _transfers.Values.Any(transfer => transfer.Payer == payer && transfer.Payee == payee && !transfer.Auto && !transfer.Ended);

    private static void Require(List<RefusalCode> codes, bool holds, RefusalCode code)
    {
        if (!holds)
        {
            codes.Add(code);
        }
    }

    private static long TimeOf(ModelPerson person, DateTimeOffset now) => Math.Max(person.LastMs, now.ToUnixTimeMilliseconds());

    private static long DayOf(long ms) => (ms + ShanghaiOffset) / Day;

    private static long NextSix(long ms)
    {
        long midnight = DayOf(ms) * Day - ShanghaiOffset;
        return ms < midnight + 6 * Hour ? midnight + 6 * Hour : midnight + Day + 6 * Hour;
    }

    private static void Tick(ModelPerson person, DateTimeOffset now)
    {
        person.LastMs = TimeOf(person, now);
        person.Version++;
    }
}
