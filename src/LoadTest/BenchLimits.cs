namespace Gongji.LoadTest;

/// <summary>Every fixed limit and size of the benchmark, in one place.</summary>
internal static class BenchLimits
{
    /// <summary>The amount of each transfer, in fen; the same as in the peers' script.</summary>
    public const long AmountFen = 100;

    /// <summary>The initial balance of each person, in fen; the same as in the peers' script.</summary>
    public const long CreditFen = 1_000_000_000;

    /// <summary>The cap of the two hot regions, in fen: it is set, but never reached.</summary>
    public const long HotRegionCapFen = 1_000_000_000_000;

    /// <summary>The number of pooling regions, in nine provinces, as at launch.</summary>
    public const int Regions = 31;

    /// <summary>The most additional persons whose wallets do not accept automatically.</summary>
    public const int ManualPersonsMax = 20_000;

    /// <summary>Operations in flight in a closed loop, by default. Half as many do a sixth less, at half the latency.</summary>
    public const int InFlight = 2_048;

    /// <summary>The most operations in flight in an open loop. Later ones wait, and their latency counts from when they were due.</summary>
    public const int OpenLoopInFlightMax = 16_384;

    /// <summary>Transfers a second while holds are being returned.</summary>
    public const int DaytimePerSecond = 1_000;

    /// <summary>Connections of the scenarios that go through HTTP.</summary>
    public const int HttpConnections = 128;

    /// <summary>Servers in the cluster, one of which is killed.</summary>
    public const int ClusterServers = 3;

    /// <summary>The time from the kill of a server to its restart, in seconds.</summary>
    public const int DeadSeconds = 5;

    /// <summary>How long the cluster is observed after the killed server is ready again, in seconds.</summary>
    public const int SettledSeconds = 10;

    /// <summary>How long a transfer is retried when a server is killed, in seconds.</summary>
    public const int AskAgainSeconds = 60;

    /// <summary>The pause between two attempts at one transfer, in milliseconds.</summary>
    public const int AskAgainMs = 50;

    /// <summary>
    /// The longest warm-up of a scenario that has run in an earlier round, in seconds. Its code is compiled and its accounts are in memory, so the load only has to get going.
    /// </summary>
    public const int RoundWarmUpSeconds = 2;

    /// <summary>The longest warm-up of payments, in seconds: every prepared person can pay only once.</summary>
    public const int PaymentWarmUpSeconds = 1;

    /// <summary>People who pay repeatedly from their own account.</summary>
    public const int LastingPayers = 100_000;

    /// <summary>What each person of a running server is credited before a load, in fen.</summary>
    public const long RemoteCreditFen = 10_000_000;

    /// <summary>The largest amount of one movement in a load on a running server, in fen.</summary>
    public const int RemoteFenMax = 2_000;

    /// <summary>Connections that send batches.</summary>
    public const int BatchConnections = 8;

    /// <summary>Lines of one batch.</summary>
    public const int LinesPerBatch = 1_000;

    /// <summary>Lines of an upload of credits that are sent together.</summary>
    public const int CreditsPerPiece = 256;

    /// <summary>Connections of the stored-procedure peer.</summary>
    public const int ProcedureConnections = 32;

    /// <summary>Connections that the grains of the grain-per-write peer share.</summary>
    public const int GrainPeerConnections = 32;

    /// <summary>Transactions in flight of the orleans-transactions peer. It does less with 128, and also with 2,048.</summary>
    public const int TransactionsInFlight = 512;

    /// <summary>Entries per batch of the preparation.</summary>
    public const int PreparedEntriesPerBatch = 9_000;

    /// <summary>The most persons for which the preparation activates everybody once, so that scenarios measure a warm silo.</summary>
    public const int ActivatedPersonsMax = 200_000;

    /// <summary>The interval between two points of the plots, in milliseconds.</summary>
    public const int SampleMs = 250;

    /// <summary>How long operations in flight at the end of a scenario may take to return, in seconds.</summary>
    public const int DrainSeconds = 30;

    /// <summary>How long a server process may take to start or stop, in seconds.</summary>
    public const int ServerSeconds = 60;
}
