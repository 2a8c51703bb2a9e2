namespace Gongji.LoadTest;

/// <summary>Every fixed bound and size of the benchmark, in one place.</summary>
internal static class BenchLimits
{
    /// <summary>What each transfer moves, in fen; the same as the peers' script.</summary>
    public const long AmountFen = 100;

    /// <summary>What each person starts with, in fen; the same as the peers' script.</summary>
    public const long CreditFen = 1_000_000_000;

    /// <summary>The cap of the two hot regions, in fen: set, and never reached.</summary>
    public const long HotRegionCapFen = 1_000_000_000_000;

    /// <summary>Pooling regions, of nine provinces, as at launch.</summary>
    public const int Regions = 31;

    /// <summary>Persons beside the others whose wallets do not accept automatically, at most.</summary>
    public const int ManualPersonsMax = 20_000;

    /// <summary>Operations in flight in a closed loop, by default. With half as many a sixth less is done, at half the latency.</summary>
    public const int InFlight = 2_048;

    /// <summary>Operations in flight in an open loop at most; later ones wait, and their latency counts from when they were due.</summary>
    public const int OpenLoopInFlightMax = 16_384;

    /// <summary>Transfers a second while holds are returned.</summary>
    public const int DaytimePerSecond = 1_000;

    /// <summary>Connections of the scenarios that go through HTTP.</summary>
    public const int HttpConnections = 128;

    /// <summary>Servers of the cluster, of which one is killed.</summary>
    public const int ClusterServers = 3;

    /// <summary>From the kill of a server to its start anew, in seconds.</summary>
    public const int DeadSeconds = 5;

    /// <summary>How long the cluster is looked at after the server that was killed is ready again, in seconds.</summary>
    public const int SettledSeconds = 10;

    /// <summary>How long one transfer is asked for again when a server is killed, in seconds.</summary>
    public const int AskAgainSeconds = 60;

    /// <summary>Between two asks for one transfer, in milliseconds.</summary>
    public const int AskAgainMs = 50;

    /// <summary>
    /// The warm-up of a scenario that has run in an earlier round, at most, in seconds: its code is compiled and its accounts are in memory, so it only needs to be under way.
    /// </summary>
    public const int RoundWarmUpSeconds = 2;

    /// <summary>The warm-up of payments at most, in seconds: everybody who is prepared can pay once.</summary>
    public const int PaymentWarmUpSeconds = 1;

    /// <summary>People who pay again and again from their own account.</summary>
    public const int LastingPayers = 100_000;

    /// <summary>What each person of a running server gets before a load, in fen.</summary>
    public const long RemoteCreditFen = 10_000_000;

    /// <summary>The most that one movement of a load on a running server moves, in fen.</summary>
    public const int RemoteFenMax = 2_000;

    /// <summary>Connections that send batches.</summary>
    public const int BatchConnections = 8;

    /// <summary>Lines of one batch.</summary>
    public const int LinesPerBatch = 1_000;

    /// <summary>Lines of an upload of credits that are sent at a time.</summary>
    public const int CreditsPerPiece = 256;

    /// <summary>Connections of the stored procedure's peer.</summary>
    public const int ProcedureConnections = 32;

    /// <summary>Connections that grains of the grain-per-write peer share.</summary>
    public const int GrainPeerConnections = 32;

    /// <summary>Transactions in flight of the orleans-transactions peer. With 128 and with 2,048 it does less.</summary>
    public const int TransactionsInFlight = 512;

    /// <summary>Entries of one batch of the preparation.</summary>
    public const int PreparedEntriesPerBatch = 9_000;

    /// <summary>Persons up to which the preparation activates every person once, so that scenarios measure a silo that is warm.</summary>
    public const int ActivatedPersonsMax = 200_000;

    /// <summary>Between two points of the plots, in milliseconds.</summary>
    public const int SampleMs = 250;

    /// <summary>How long what is in flight at the end of a scenario may take to return, in seconds.</summary>
    public const int DrainSeconds = 30;

    /// <summary>How long a server process may take to start or stop, in seconds.</summary>
    public const int ServerSeconds = 60;
}
