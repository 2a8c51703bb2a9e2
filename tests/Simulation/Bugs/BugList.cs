using Gongji.Grains;
using Gongji.Grains.Messages;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Hosting;

namespace Gongji.Simulation.Bugs;

/// <summary>All planted bugs; a test shows that each is caught. They are decorators and subclasses of injected services, and nothing of them ships.</summary>
public static class BugList
{
    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        new("credit-twice-on-retry", "a credit asked again with its id is done again: nothing is unique about its operation", "operation-once")
        {
            MakeDatabase = watch => new ForgetfulDatabase(watch) { ForgetsLeg = entry => entry.Kind == EntryKind.Credit },
        },
        new("successor-without-its-predecessor", "a batch that was sent behind another one is written though that one is not there", "hash-chain", "account-continuity", "journal", "transfer-outcomes")
        {
            MakeDatabase = watch => new ForgetfulDatabase(watch) { ForgetsPredecessor = true },
        },
        new("forget-version-fence", "the store does not mind two entries of one account and version", "account-continuity")
        {
            MakeDatabase = watch => new ForgetfulDatabase(watch) { ForgetsVersion = true, ForgetsPrevious = true },
        },
        new("answer-before-durable", "the journal says that an entry is durable when it is only queued", "answered-is-durable")
        {
            Change = (plan, _) => plan with { WrapJournal = journal => new HastyJournal(journal) },
        },
        new("forget-void-after-return", "a transfer accepted too late is declined, and then nobody gives the money back", "liveness")
        {
            Change = (plan, _) => plan with { Configure = builder => FilterLegs(builder, ForgetVoidAsync) },
        },
        new("forget-post", "the giver's hold is taken for posted without being so", "answered-is-durable", "liveness")
        {
            Change = (plan, _) => plan with { Configure = builder => FilterLegs(builder, ForgetPostAsync) },
        },
        new("lose-poison", "after a failed batch the account's later entries are written all the same", "account-continuity")
        {
            MakeDatabase = watch => new ForgetfulDatabase(watch) { ForgetsPrevious = true },
            Change = (plan, _) => plan with { WrapJournal = journal => new UnpoisonedJournal(journal) },
        },
        new("forget-what-it-rests-on", "a leg stays queued when the leg it follows was not written", "transfer-outcomes", "answered-is-durable", "account-continuity", "payment-whole")
        {
            Change = (plan, _) => plan with { WrapJournal = journal => new GroundlessJournal(journal) },
        },
        new("daily-limit-from-memory", "transfers of the day are counted since the account was loaded only", "limits", "answer-is-allowed", "snapshots")
        {
            MakeDatabase = watch => new ForgetfulDatabase(watch) { ForgetsCount = true },
        },
        new("return-twice", "a returned transfer is found due once more, on an account that has forgotten the return", "transfer-outcomes", "answer-is-allowed", "operation-once")
        {
            MakeDatabase = watch => new ReturningDatabase(watch, acceptsAfterReturn: false),
        },
        new("accept-after-return", "a transfer that went back at 06:00 looks open to whoever accepts it then", "transfer-outcomes", "operation-once", "answer-is-allowed")
        {
            MakeDatabase = watch => new ReturningDatabase(watch, acceptsAfterReturn: true),
        },
        new("resume-with-other-amount", "an interrupted transfer is resumed with an amount that is not the hold's", "transfer-outcomes", "mismatch-is-told", "answer-is-allowed")
        {
            MakeDatabase = watch => new ForgetfulDatabase(watch) { MisreadsAmount = true },
        },
        new("drop-tail-after-snapshot", "an account is loaded from its snapshot without the entries after it", "answer-is-allowed", "snapshots", "liveness")
        {
            MakeDatabase = watch => new ForgetfulDatabase(watch) { DropsTail = true },
        },
        new("timeout-as-failure", "a commit whose outcome is unknown is taken for one that failed", "unavailable-means-undecided", "journal")
        {
            MakeStore = (core, database, weather, silo) => new ConfidentStore(core, database, weather, silo),
        },
        new("unknown-as-unavailable", "a client is told that nothing was decided when nobody knows", "unavailable-means-undecided")
        {
            Change = (plan, _) => plan with { Configure = builder => FilterCalls(builder, DenyUnknownAsync) },
        },
        new("deltas-twice-on-retry", "a batch that is committed again adds its sums to the regions again", "region-deltas", "answer-is-allowed")
        {
            MakeDatabase = watch => new ForgetfulDatabase(watch) { AddsDeltasAgain = true },
        },
        new("mismatch-ignored", "an id used for something else is answered as if it had been done", "mismatch-is-told", "answered-is-durable")
        {
            Change = (plan, _) => plan with { Configure = builder => FilterCalls(builder, IgnoreMismatchAsync) },
        },
        new("rules-cached-for-ever", "a silo never asks for a region's rules again", "limits", "answer-is-allowed")
        {
            Change = (plan, _) => plan with { CacheTime = new StoppedTime() },
        },
        new("standing-shown-for-ever", "a silo never notices that a person it knows as a recipient has changed", "limits", "answer-is-allowed")
        {
            Change = (plan, _) => plan with { Configure = builder => builder.Services.AddSingleton<LocalPersons, LastingStandings>() },
        },
        new("sweep-misses-holds", "some holds are missing from the index that the sweep goes by", "liveness")
        {
            MakeDatabase = watch => new ForgetfulDatabase(watch) { MissesHolds = true },
        },
        new("pay-without-a-part", "a payment is made though a relative's part could not be set aside", "payment-whole")
        {
            MakeDatabase = watch => new ForgetfulDatabase(watch) { ForgesParts = true },
        },
        new("decide-payment-twice", "an abandoned payment can still be decided to be made", "payment-whole", "account-continuity", "operation-once", "liveness")
        {
            MakeDatabase = watch => new ForgetfulDatabase(watch) { ForgetsLeg = entry => entry.Kind is EntryKind.PaymentMade or EntryKind.PaymentAbandoned, ForgetsDecisions = true },
        },
        new("forget-a-relatives-part", "the index that the sweep goes by lacks relatives' parts of payments, whose ends get lost", "liveness")
        {
            MakeDatabase = watch => new ForgetfulDatabase(watch) { MissesParts = true },
            Change = (plan, core) => core.Faults.RequestLost > 0 ? plan with { Configure = builder => LoseFirstEnds(builder, []) } : plan,
        },
        Forgetting("refund-over-payment", "what was refunded is counted since the account was loaded only", family => family with { Reversed = [] }, "refund", "answer-is-allowed", "limits"),
        Forgetting("quota-spent-twice", "what was used of a quota is counted since the account was loaded only", family => family with { Given = [.. family.Given.Select(given => given with { UsedFen = 0 })] }, "pockets", "limits", "answer-is-allowed", "payment-whole"),
        Forgetting("contribution-twice", "paid contributions are remembered since the account was loaded only", family => family with { Contributions = [] }, "limits", "payment-whole", "liveness"),
        new("hold-for-a-paid-contribution", "nobody looks whether a contribution is paid before money is set aside for it", "no-trace", "liveness")
        {
            Change = (plan, _) => plan with { Configure = builder => FilterLegs(builder, LookAwayAsync) },
        },
        new("move-during-a-hold", "an account forgets when it is loaded that something of it is held, and lets its person move", "limits", "answer-is-allowed", "liveness", "no-errors")
        {
            MakeDatabase = watch => new ForgetfulDatabase(watch) { Changes = snapshot => snapshot with { OpenHolds = [] } },
        },
        new("grant-escrow-twice", "headroom of a region that one silo has leased is leased to another one too", "region-cap", "region-deltas")
        {
            MakeDatabase = watch => new ForgetfulDatabase(watch) { GrantsTwice = true },
        },
        new("late-item-into-a-closed-day", "a batch that was sealed before a day was closed still counts on it", "closed-day", "clearing")
        {
            MakeDatabase = watch => new ForgetfulDatabase(watch) { ForgetsOpenDay = true },
        },
    ];

    /// <summary>An account that loses some of its relations, payments or contributions when it is loaded.</summary>
    private static PlantedBug Forgetting(string name, string description, Func<FamilySnapshot, FamilySnapshot> change, params IReadOnlyList<string> caughtBy) =>
        new(name, description, caughtBy)
        {
            MakeDatabase = watch => new ForgetfulDatabase(watch) { Changes = snapshot => snapshot with { Family = snapshot.Family is { } family ? change(family) : null } },
        };

    public static PlantedBug? Find(string name) => All.FirstOrDefault(bug => bug.Name == name);

    private static void FilterCalls(ISiloBuilder builder, Func<IIncomingGrainCallContext, Task> filter) =>
        builder.AddIncomingGrainCallFilter(new CallFilter(filter));

    /// <summary>Filters legs as calls, which inside a silo are otherwise not messages.</summary>
    private static void FilterLegs(ISiloBuilder builder, Func<IIncomingGrainCallContext, Task> filter)
    {
        builder.Services.AddSingleton<LocalPersons, HiddenPersons>();
        FilterCalls(builder, filter);
    }

    private static Task ForgetVoidAsync(IIncomingGrainCallContext call)
    {
        if (call.MethodName != nameof(IInsuredPersonGrain.VoidAsync) || call.Request.GetArgument(0) is not VoidLeg { Reason: EndReason.Returned })
        {
            return call.Invoke();
        }

        call.Result = new LegReply { Status = LegStatus.AlreadyThere };
        return Task.CompletedTask;
    }

    /// <summary>Loses the first call that ends a relative's part of some payments, as the death of their coordinator would.</summary>
    private static void LoseFirstEnds(ISiloBuilder builder, HashSet<string> lost) => FilterLegs(builder, call =>
        call.MethodName == nameof(IInsuredPersonGrain.EndPartAsync) && call.Request.GetArgument(0) is EndPart end && end.Part.Attempt.ToByteArray()[^1] % 4 == 0 && lost.Add($"{end.Part.Attempt} {end.Part.Party}")
            ? throw new TimeoutException("The call is lost.")
            : call.Invoke());

    private static Task LookAwayAsync(IIncomingGrainCallContext call)
    {
        if (call.MethodName != nameof(IInsuredPersonGrain.LookAtContributionAsync))
        {
            return call.Invoke();
        }

        call.Result = default(LegReply);
        return Task.CompletedTask;
    }

    private static Task ForgetPostAsync(IIncomingGrainCallContext call)
    {
        if (call.MethodName != nameof(IInsuredPersonGrain.PostAsync))
        {
            return call.Invoke();
        }

        call.Result = new LegReply { Status = LegStatus.Done };
        return Task.CompletedTask;
    }

    private static async Task DenyUnknownAsync(IIncomingGrainCallContext call)
    {
        await call.Invoke();
        if (call.MethodName == nameof(ITransferGrain.CreateAsync) && call.Result is Reply<TransferView> { Code: RefusalCode.OutcomeUnknown } reply)
        {
            call.Result = reply with { Code = RefusalCode.LedgerUnavailable };
        }
    }

    private static async Task IgnoreMismatchAsync(IIncomingGrainCallContext call)
    {
        await call.Invoke();
        if (call.MethodName == nameof(ITransferGrain.CreateAsync) && call.Result is Reply<TransferView> { Code: RefusalCode.IdempotencyMismatch }
            && call.Request.GetArgument(0) is CreateTransfer asked)
        {
            DateTimeOffset now = DateTimeOffset.UnixEpoch;
            call.Result = Reply.Of(
                new TransferView
                {
                    Id = asked.Id,
                    Payer = asked.Payer,
                    Payee = asked.Payee,
                    Source = asked.Source,
                    AmountFen = asked.AmountFen,
                    Tier = Tier.SameRegion,
                    Status = TransferStatus.Held,
                    HeldAt = now,
                    ExpiresAt = now,
                },
                isReplay: true);
        }
    }

    private sealed class CallFilter(Func<IIncomingGrainCallContext, Task> filter) : IIncomingGrainCallFilter
    {
        public Task Invoke(IIncomingGrainCallContext context) => filter(context);
    }
}
