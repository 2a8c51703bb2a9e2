namespace Gongji.Ledger.Tests;

/// <summary>Runs a sequence on the ledger and on the model in parallel, and compares after every step.</summary>
internal sealed partial class ScenarioRun(bool forgetsUniqueness = false)
{
    private static readonly RegionCode[] Regions =
        [Given.Suzhou, Given.Nanjing, Given.Zhengzhou, RegionCode.Parse("110000"), RegionCode.Parse("440300")];

    private static readonly RegionRules[] Presets =
    [
        Given.Live,
        Given.Live with { MaxTransfersPerDay = 100 },
        Given.Live with { ClosedFrom = default, ClosedUntil = default, MaxTransfersPerDay = 10 },
        Given.Live with { ClosedFrom = new(12, 0), ClosedUntil = new(13, 0), MaxTransferFen = 5_000 },
        Given.Live with { Kinships = Kinships.Narrow, MaxTransferFen = 100 },
        new() { Live = LiveTiers.SameRegion | LiveTiers.CrossProvince },
        Given.Live with { ClosedFrom = new(23, 59), ClosedUntil = new(0, 1), MaxTransfersPerDay = 1 },
        RegionRules.Default,
    ];

    /// <summary>The initial rules of each region. The last region allows nobody a second transfer on a day, so that this refusal is reached.</summary>
    private static readonly int[] FirstPresets = [0, 1, 2, 0, 6];

    private const int Newest = 4;

    private readonly LedgerModel _model = new();
    private readonly List<Guid> _held = [];

    public MemoryLedger Ledger { get; } = new(forgetsUniqueness);

    /// <summary>The number of steps that appended an entry.</summary>
    public int Appended { get; private set; }

    /// <summary>How often a relative's money came back after the relation it was drawn on had been replaced by another one.</summary>
    public int CameBackLater => _model.CameBackLater;

    /// <summary>How often each step was refused, by code.</summary>
    public Dictionary<(StepKind Kind, RefusalCode Code), int> Refusals { get; } = [];

    /// <summary>Runs every step.</summary>
    /// <exception cref="ModelException">The ledger differs from the model, or an invariant is violated.</exception>
    public void Run(Scenario scenario)
    {
        for (int region = 0; region < Regions.Length; region++)
        {
            Ledger.SetRules(Regions[region], Presets[FirstPresets[region]]);
        }

        foreach (Step step in scenario.Steps)
        {
            MoveClock(step);
            Do(step);
        }

        _model.CheckAll(Ledger);
    }

    private void MoveClock(Step step)
    {
        DateTimeOffset now = BusinessTime.ToLocal(Ledger.Now);
        DateTimeOffset day = new(now.Date, BusinessTime.Offset);
        Ledger.Now = step.Clock switch
        {
            ClockMove.Milliseconds => now.AddMilliseconds(step.ClockBy),
            ClockMove.Minutes => now.AddMinutes(step.ClockBy / 3.0),
            ClockMove.Back => now.AddMinutes(-step.ClockBy),
            ClockMove.JustBeforeClosing => Next(now, day.AddHours(22).AddMilliseconds(-1)),
            ClockMove.Closing => Next(now, day.AddHours(22)),
            ClockMove.JustBeforeOpening => Next(now, day.AddHours(6).AddMilliseconds(-1)),
            ClockMove.Opening => Next(now, day.AddHours(6)),
            ClockMove.NextNoon => Next(now, day.AddHours(12)),
            _ => now,
        };
    }

    private static DateTimeOffset Next(DateTimeOffset now, DateTimeOffset today) => today > now ? today : today.AddDays(1);

    private void Do(Step step)
    {
        string person = Name(step.Person);
        Guid id = Given.Id(step.Id);
        RegionCode region = Regions[step.Other % Regions.Length];
        PersonState state = Ledger.Person(person);
        switch (step.Kind)
        {
            case StepKind.Register:
                // Occasionally a resident, who has no personal account and gives from the wallet only.
                Insurance insurance = step.Choice % 8 == 0 ? Insurance.Resident : Insurance.Employee;
                Check(step, _model.Register(person, region, insurance, active: true, Ledger.Now), Ledger.Register(person, region, insurance));
                break;
            case StepKind.Stop or StepKind.Resume when state.IsRegistered:
                InsuranceStatus status = step.Kind == StepKind.Stop ? InsuranceStatus.Stopped : InsuranceStatus.Active;
                LedgerModel.Expected expected = _model.Register(person, state.Region, state.Insurance, step.Kind == StepKind.Resume, Ledger.Now);
                Check(step, expected, Ledger.Register(person, state.Region, state.Insurance, status));
                break;
            case StepKind.Wallet:
                bool auto = step.Choice % 3 == 0;
                Check(step, _model.OpenWallet(person, region, auto, Ledger.Now), Ledger.OpenWallet(person, region, auto));
                break;
            case StepKind.Credit:
                Guid credit = step.Choice < 20 ? id : Given.Id(10_000 + step.Id * 100 + step.Choice);
                Check(step, _model.Credit(person, credit, step.AmountFen, Ledger.Now), Ledger.Credit(person, credit, step.AmountFen));
                break;
            case StepKind.Hold:
                TransferSource source = step.Choice % 5 == 0 ? TransferSource.Wallet : TransferSource.Personal;
                TransferOrder order = new(id, person, Name(step.Other), source, step.AmountFen, (Kinship)(step.Choice % 6));
                Check(step, _model.Hold(order, Ledger), Ledger.Hold(order));
                break;
            case StepKind.SetRules:
                Ledger.SetRules(region, Presets[step.Choice % Presets.Length]);
                break;
            case StepKind.Reload when state.IsRegistered:
                Ledger.Reload(person, fromSnapshot: step.Choice % 2 == 0);
                _model.CheckPerson(Ledger.Person(person));
                break;
            case >= StepKind.CloseWallet:
                DoFamily(step, person, Name(step.Other));
                break;
            default:
                DoTransfer(step, person, id);
                break;
        }
    }

    private void DoTransfer(Step step, string person, Guid unknown)
    {
        // Usually one of the newest transfers, ended or not; occasionally an arbitrary id.
        Guid id = step.Choice < 90 && _held.Count > 0 ? _held[^(1 + step.Id % Math.Min(_held.Count, Newest))] : unknown;
        EndReason reason = (EndReason)(1 + step.Choice % 3);
        switch (step.Kind)
        {
            case StepKind.Receive:
                Check(step, _model.Receive(id, Ledger.Now), Ledger.Receive(id));
                break;
            case StepKind.Decline:
                Check(step, _model.Decline(id, reason, Ledger.Now), Ledger.Decline(id, reason));
                break;
            case StepKind.Post:
                Check(step, _model.Post(id, Ledger.Now), Ledger.Post(id));
                break;
            case StepKind.Void:
                Check(step, _model.Void(id, Ledger.Now), Ledger.Void(id));
                break;
            case StepKind.StrayPost when !_model.IsPayer(person, id):
                Check(step, LedgerModel.Expected.Refused(RefusalCode.WrongState), Ledger.StrayPost(person, id));
                break;
            default:
                break;
        }
    }

    private void Check(Step step, LedgerModel.Expected expected, LedgerAnswer answer)
    {
        expected.Compare(step, answer);
        Take(step, answer);
    }

    private void Take(Step step, LedgerAnswer answer)
    {
        if (answer.Refusal is { } code)
        {
            Refusals[(step.Kind, code)] = Refusals.GetValueOrDefault((step.Kind, code)) + 1;
        }

        if (answer.Entry is { } entry)
        {
            Appended++;
            if (entry.Kind == EntryKind.Hold)
            {
                _held.Add(entry.Operation);
            }

            _model.Check(entry, Ledger.Person(entry.Account));
        }
    }

    private static string Name(int person) => $"p{person}";
}
