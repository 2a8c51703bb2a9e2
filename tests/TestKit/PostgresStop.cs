namespace Gongji.TestKit;

/// <summary>How a server is stopped.</summary>
public enum PostgresStop
{
    /// <summary>Connections are cut, transactions rolled back, a checkpoint written.</summary>
    Fast,

    /// <summary>As in a crash: everything ends at once, and the next start recovers from the log.</summary>
    Immediate,
}
