namespace Gongji.Storage;

/// <summary>How a commit ended.</summary>
public enum CommitStatus
{
    Committed,
    Conflict,
}
