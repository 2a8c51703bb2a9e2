namespace Gongji.LocalRuntime.Engine;

/// <summary>Something that an activation runs as a turn, or as part of one. It is itself a link of the activation's queue, so queueing allocates nothing.</summary>
internal abstract class WorkItem
{
    internal WorkItem? Next;

    internal abstract void Run(Activation activation);
}

/// <summary>A task of the activation's scheduler: mostly the rest of a grain method after an await.</summary>
internal sealed class TaskItem(Task task) : WorkItem
{
    internal override void Run(Activation activation) => activation.RunTask(task);
}

/// <summary>A change of the activation itself.</summary>
internal sealed class ActionItem<TState>(Action<Activation, TState> action, TState state) : WorkItem
{
    internal override void Run(Activation activation) => action(activation, state);
}
