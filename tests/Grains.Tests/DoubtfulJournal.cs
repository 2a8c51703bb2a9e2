using System.Reflection;
using Gongji.Storage;

namespace Gongji.Grains.Tests;

/// <summary>A journal whose last batch is in doubt.</summary>
public class DoubtfulJournal : DispatchProxy
{
    private IJournal? _journal;

    public static IJournal Around(IJournal journal)
    {
        IJournal doubtful = Create<IJournal, DoubtfulJournal>();
        ((DoubtfulJournal)(object)doubtful)._journal = journal;
        return doubtful;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name == "get_" + nameof(IJournal.IsHealthy) ? false : targetMethod.Invoke(_journal, args);
}
