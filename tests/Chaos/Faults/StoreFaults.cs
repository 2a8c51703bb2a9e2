using Gongji.Chaos.Stores;
using Gongji.TestKit;

namespace Gongji.Chaos.Faults;

/// <summary>PostgreSQL is stopped as in a crash (<c>-m immediate</c>) and restarted.</summary>
internal sealed class ServerStoppedFault(PostgresStore store) : Fault
{
    public override string Name => "server-immediate";

    public override async Task<long> HappenAsync(FaultContext context)
    {
        await store.Server.StopAsync(PostgresStop.Immediate);
        await context.ExpectNotReadyAsync();
        await store.Server.StartAgainAsync();
        return TimeProvider.System.GetTimestamp();
    }
}

/// <summary>PostgreSQL's first process is killed with SIGKILL, and the server is restarted.</summary>
internal sealed class ServerKilledFault(PostgresStore store) : Fault
{
    public override string Name => "server-killed";

    public override async Task<long> HappenAsync(FaultContext context)
    {
        store.Server.Kill();
        await context.ExpectNotReadyAsync();
        await store.Server.StartAgainAsync();
        return TimeProvider.System.GetTimestamp();
    }
}

/// <summary>Single connections are cut, some before the server sees a request, some before the product sees the answer.</summary>
internal sealed class CutNowAndThenFault(PostgresStore store) : Fault
{
    private const int Cuts = 25;

    /// <summary>The number of requests that a commit sends in succession.</summary>
    private const int CommitRequests = 4;

    public override string Name => "connections-cut";

    public override async Task<long> HappenAsync(FaultContext context)
    {
        int before = store.Cutting.Cuts;
        for (int i = 0; i < Cuts; i++)
        {
            store.Cutting.CutNext(context.Random.Next(3) == 0 ? Cut.BeforeRequest : Cut.BeforeAnswer, context.Random.Next(CommitRequests));
            await context.WaitAsync(20, 200);
        }

        store.Cutting.CutNext(Cut.None);
        if (store.Cutting.Cuts == before)
        {
            context.Deviations.Add($"No connection was cut: the load did not reach the store");
        }

        return TimeProvider.System.GetTimestamp();
    }
}

/// <summary>Every connection is cut at once, several times; new ones can be opened.</summary>
internal sealed class CutAllFault(PostgresStore store) : Fault
{
    private const int Times = 5;

    public override string Name => "all-connections-cut";

    public override async Task<long> HappenAsync(FaultContext context)
    {
        for (int i = 0; i < Times; i++)
        {
            store.Gate.CutAll();
            await context.WaitAsync(50, 600);
        }

        return TimeProvider.System.GetTimestamp();
    }
}

/// <summary>The server is unreachable: every connection is cut, and new ones are refused.</summary>
internal sealed class UnreachableFault(PostgresStore store) : Fault
{
    public override string Name => "server-unreachable";

    public override async Task<long> HappenAsync(FaultContext context)
    {
        store.Gate.Close();
        await context.ExpectNotReadyAsync();
        store.Gate.Open();
        return TimeProvider.System.GetTimestamp();
    }
}

/// <summary>Nothing reaches the server or comes back, and no connection ends, as in a network that loses everything; then all of it arrives late.</summary>
internal sealed class SilentFault(PostgresStore store) : Fault
{
    public override string Name => "server-silent";

    public override async Task<long> HappenAsync(FaultContext context)
    {
        store.Gate.Silence();
        await context.ExpectNotReadyAsync();
        store.Gate.Open();
        return TimeProvider.System.GetTimestamp();
    }
}

/// <summary>The embedded store's file system is full; then there is space again.</summary>
internal sealed class DiskFullFault(SqliteStore store) : Fault
{
    private const int RoomBytesMin = 32_768;
    private const int RoomBytesMax = 262_144;

    public override string Name => "disk-full";

    /// <summary>A fresh start empties the store's log; otherwise its space would be reused before any new space is needed.</summary>
    public override async Task PrepareAsync(Site site)
    {
        await site.StopProductAsync();
        await site.StartProductAsync();
    }

    public override async Task<long> HappenAsync(FaultContext context)
    {
        await store.FillAsync(context.Random.Next(RoomBytesMin, RoomBytesMax));
        try
        {
            await context.ExpectNotReadyAsync();
        }
        finally
        {
            await store.FreeAsync();
        }

        return TimeProvider.System.GetTimestamp();
    }
}
