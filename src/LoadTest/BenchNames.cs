namespace Gongji.LoadTest;

/// <summary>The names of scenarios and peers.</summary>
internal static class BenchNames
{
    public const string Uniform = "uniform";
    public const string HalfLoad = "half-load";
    public const string HotPerson = "hot-person";
    public const string HotRegion = "hot-region";
    public const string Zipf = "zipf";
    public const string Accept = "accept";
    public const string Payment1 = "payment-1";
    public const string Payment2 = "payment-2";
    public const string Payment4 = "payment-4";
    public const string Http = "http";
    public const string Batch = "batch";
    public const string Credits = "credits";
    public const string Return = "return";
    public const string Cluster = "cluster";
    public const string ClusterKilled = "cluster-killed";
    public const string ProcedureUniform = "stored-procedure-uniform";
    public const string ProcedureRegional = "stored-procedure-regional";
    public const string GrainPerWrite = "grain-per-write";
    public const string OrleansTransactions = "orleans-transactions";

    /// <summary>The scenarios, which run through the product.</summary>
    public static readonly string[] Scenarios = [Uniform, HalfLoad, HotPerson, HotRegion, Zipf, Accept, Payment1, Payment2, Payment4, Http, Batch, Credits, Return, Cluster];

    /// <summary>The peers: what a user would otherwise use.</summary>
    public static readonly string[] Peers = [ProcedureUniform, ProcedureRegional, GrainPerWrite, OrleansTransactions];

    public static IEnumerable<string> All => Scenarios.Concat(Peers);
}
