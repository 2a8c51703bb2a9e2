namespace Gongji.Chaos.Load;

/// <summary>What a command does.</summary>
internal enum CommandKind
{
    Credit,
    Transfer,
    Payment,
    Refund,
    Accept,
    Reject,
    Cancel,
}
