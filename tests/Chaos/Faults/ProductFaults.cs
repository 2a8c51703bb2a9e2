using Gongji.Chaos.Load;

namespace Gongji.Chaos.Faults;

/// <summary>The product is killed with SIGKILL and started again.</summary>
internal sealed class KillFault : Fault
{
    public override string Name => "product-killed";

    public override bool LosesCalls => true;

    public override async Task<long> HappenAsync(FaultContext context)
    {
        await context.Site.KillProductAsync();
        await context.WaitAsync(0, 500);
        long ended = TimeProvider.System.GetTimestamp();
        await context.Site.StartProductAsync();
        return ended;
    }
}

/// <summary>The product is suspended for some seconds (SIGSTOP), like a paused virtual machine.</summary>
internal sealed class FreezeFault : Fault
{
    public override string Name => "product-frozen";

    public override async Task<long> HappenAsync(FaultContext context)
    {
        await context.Site.Product.FreezeAsync();
        try
        {
            await context.WaitAsync(1_500, 4_000);
        }
        finally
        {
            await context.Site.Product.ThawAsync();
        }

        return TimeProvider.System.GetTimestamp();
    }
}

/// <summary>The product's files can no longer grow (RLIMIT_FSIZE).</summary>
internal sealed class FileLimitFault : Fault
{
    private const long BytesMax = 4_096;

    public override string Name => "file-limit";

    public override async Task<long> HappenAsync(FaultContext context)
    {
        await context.Site.Product.LimitFilesAsync(BytesMax);
        try
        {
            await context.ExpectNotReadyAsync();
        }
        finally
        {
            await context.Site.Product.LimitFilesAsync(null);
        }

        return TimeProvider.System.GetTimestamp();
    }
}

/// <summary>The clock jumps forward several times: by minutes, over midnight, and over 06:00, when transfers that nobody accepted go back.</summary>
internal sealed class ClockFault : Fault
{
    private const int TransfersScanned = 2_000;
    private const int TransfersLookedAt = 50;

    public override string Name => "clock-forward";

    public override async Task<long> HappenAsync(FaultContext context)
    {
        DateTimeOffset now = context.Site.Clock;
        DateTimeOffset midnight = new(now.Date.AddDays(1), now.Offset);
        foreach (DateTimeOffset moment in new[] { now.AddMinutes(7), midnight.AddMinutes(3), midnight.AddHours(6).AddMinutes(1), midnight.AddHours(9) })
        {
            Command[] held = [.. context.Site.Book.Recent(TransfersScanned).Where(command => IsDue(command, moment))];
            Answer answer = await context.Site.MoveClockAsync(context.Caller, moment);
            if (answer.Status != 200)
            {
                context.Deviations.Add($"PUT /v1/clock to {moment:O} got {answer}");
            }

            foreach (Command command in held.TakeLast(TransfersLookedAt))
            {
                Answer got = await context.Caller.GetAsync($"/v1/transfers/{command.Id}");
                if (got.Status != 200 || (string?)got.Json?["status"] == "held")
                {
                    context.Deviations.Add($"{command} was due before {moment:O}, the clock was moved there, and it is still {got}");
                }
            }

            await context.WaitAsync(100, 500);
        }

        return TimeProvider.System.GetTimestamp();
    }

    private static bool IsDue(Command command, DateTimeOffset moment) =>
        command is { Kind: CommandKind.Transfer, State: CommandState.Answered } && People.AcceptsByHand(command.Payee)
        && (string?)System.Text.Json.Nodes.JsonNode.Parse(command.Text)?["expiresAt"] is { } expiresAt && DateTimeOffset.Parse(expiresAt, CultureInfo.InvariantCulture) <= moment;
}

/// <summary>The product is killed and comes back with a clock that is some minutes behind.</summary>
internal sealed class ClockBackFault : Fault
{
    public override string Name => "clock-back";

    public override bool LosesCalls => true;

    public override async Task<long> HappenAsync(FaultContext context)
    {
        await context.Site.KillProductAsync();
        long ended = TimeProvider.System.GetTimestamp();
        await context.Site.StartProductAsync(TimeSpan.FromSeconds(-context.Random.Next(60, 600)));
        return ended;
    }
}
