using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Gongji.LocalRuntime.Engine;

/// <summary>The result of a method that has none.</summary>
internal readonly struct Nothing;

/// <summary>A call of a method with a result. Each grain method has its own emitted subclass, which holds the arguments.</summary>
internal abstract class Request<T> : Request, IValueTaskSource<T>, IValueTaskSource
{
    private ValueTaskAwaiter<T> _grain;
    private Action? _onGrainFinished;
    private Activation? _activation;
    private T _ran = default!;
    private T _result = default!;
    private TaskCompletionSource<T>? _task;

    private protected override bool HasTask => _task is not null;

    /// <summary>Calls the grain's method with the arguments held.</summary>
    public abstract ValueTask<T> Call(object grain);

    /// <summary>The caller waits by value task.</summary>
    internal short UseValueTask() => Version;

    /// <summary>The caller waits by task.</summary>
    internal Task<T> UseTask()
    {
        // With synchronous continuations: asynchronous ones go to the thread pool where they have no context, whatever the
        // executor. It is completed where that does no harm: in a turn of the caller, or in a work item of its own.
        _task = new TaskCompletionSource<T>();
        return _task.Task;
    }

    internal override void Invoke(Activation activation)
    {
        _activation = activation;
        try
        {
#pragma warning disable CA2012 // Its result is read once, after it has completed.
            var call = StartCall(activation);
#pragma warning restore CA2012
            if (call.IsCompletedSuccessfully)
            {
                _ran = call.Result;
            }
            else
            {
                _grain = call.GetAwaiter();
                if (!_grain.IsCompleted)
                {
                    // Captures the activation as scheduler: this too is a turn of it.
                    _grain.UnsafeOnCompleted(_onGrainFinished ??= OnGrainFinished);
                    return;
                }

                _ran = _grain.GetResult();
            }
        }
        catch (Exception error)
        {
            Answer(activation, error);
            return;
        }

        Answer(activation, null);
    }

    T IValueTaskSource<T>.GetResult(short token)
    {
        Consume(token);
        var result = _result;
        Release();
        return result;
    }

    void IValueTaskSource.GetResult(short token)
    {
        Consume(token);
        Release();
    }

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => StatusOf(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => StatusOf(token);

    void IValueTaskSource<T>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        Continue(continuation, state, token, flags);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        Continue(continuation, state, token, flags);

    // The callee writes here only after it has won the right to answer: a caller that timed out may be reading.
    private protected override void PublishResult() => _result = _ran;

    private protected override void TakeResult(Request from) => _result = ((Request<T>)from)._ran;

    private protected override void SignalTask()
    {
        if (Error is null)
        {
            _task!.SetResult(_result);
        }
        else if (Error is OperationCanceledException cancelled)
        {
            _task!.SetCanceled(cancelled.CancellationToken);
        }
        else
        {
            _task!.SetException(Error);
        }
    }

    private protected override void OnCopied()
    {
        _task = null;
        _onGrainFinished = null;
    }

    private protected override void Reset()
    {
        _task = null;
        _activation = null;
        _grain = default;
        _ran = _result = default!;
    }

    private ValueTask<T> StartCall(Activation activation) =>
        activation.HasFilters ? new ValueTask<T>(CallFilteredAsync(activation)) : Call(activation.GrainInstance!);

    private void OnGrainFinished()
    {
        var activation = _activation!;
        Debug.Assert(ReferenceEquals(Activation.Current, activation), "A request ended outside of its activation's turn.");
        try
        {
            _ran = _grain.GetResult();
        }
        catch (Exception error)
        {
            Answer(activation, error);
            return;
        }

        Answer(activation, null);
    }

    private async Task<T> CallFilteredAsync(Activation activation)
    {
        var grain = activation.GrainInstance!;
        var context = new IncomingCall(this, activation, async () => await Call(grain));
        await context.Invoke();
        return context.Result is null ? default! : (T)context.Result;
    }
}

/// <summary>A call of a method without a result.</summary>
internal abstract class VoidRequest : Request<Nothing>
{
    /// <summary>Calls the grain's method with the arguments held.</summary>
    public abstract ValueTask CallVoid(object grain);

    public sealed override ValueTask<Nothing> Call(object grain)
    {
        var call = CallVoid(grain);
        return call.IsCompletedSuccessfully ? default : WaitAsync(call);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<Nothing> WaitAsync(ValueTask call)
    {
        await call;
        return default;
    }
}

/// <summary>Requests of one method, ready for use again.</summary>
internal static class RequestPool<TRequest>
    where TRequest : Request, new()
{
    private const int PerThreadMax = 256;

    [ThreadStatic]
    private static Stack<TRequest>? t_free;

    public static TRequest Rent() => t_free is { Count: > 0 } free ? free.Pop() : new TRequest();

    public static void Return(TRequest request)
    {
        var free = t_free ??= new Stack<TRequest>();
        if (free.Count < PerThreadMax)
        {
            free.Push(request);
        }
    }
}
