using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace Gongji.LocalRuntime.Engine;

/// <summary>
/// A call: its arguments, its place in the callee's queue, and what its caller waits for, in one object. It is pooled:
/// caller and callee each hold it until they are done, and whoever is last gives it back. That a caller timed out long
/// ago therefore never hands its callee somebody else's arguments.
/// </summary>
internal abstract class Request : WorkItem, IThreadPoolWorkItem, IInvokable
{
    private static readonly Action<object?> CompletedMark = static _ => { };
    private static readonly SendOrPostCallback OnContext = static state => ((Request)state!).RunContinuation();
    private static readonly Action<object?> OnScheduler = static state => ((Request)state!).RunContinuation();

    // Who calls whom.
    internal GrainReference Target = null!;
    internal Activation? Sender;
    internal CallOrigin Origin = null!;
    internal LocalSilo? TargetSilo;
    internal Dictionary<string, object>? Context;

    // The place among the calls that their origin waits for.
    internal Request? PendingPrevious;
    internal Request? PendingNext;
    internal long SentAt;
    internal int Stripe = -1;

    // What the caller waits for.
    internal Exception? Error;
    private protected short Version;
    private Action<object?>? _continuation;
    private object? _continuationState;
    private object? _continuationContext;
    private ExecutionContext? _continuationFlow;
    private CancellationTokenRegistration _cancellation;
    private int _completed;
    private int _holders;
    private bool _continuing;

    /// <summary>The method called.</summary>
    public abstract CallMethod Method { get; }

    internal virtual bool IsAlwaysInterleave => Method.AlwaysInterleave;

    /// <summary>For a copy made by a transport: the request whose caller waits.</summary>
    internal Request? Original { get; private set; }

    /// <summary>Whether the request belongs to its activation, so that it dies with it instead of being sent on.</summary>
    internal virtual bool IsLocalOnly => false;

    internal virtual bool KeepsAlive => true;

    internal bool HasReentrancyId => Context is { } context && context.ContainsKey(RequestContext.ReentrancyHeader);

    internal bool IsOneWay => Method.OneWay;

    /// <summary>Gets the number of arguments.</summary>
    public abstract int GetArgumentCount();

    /// <summary>Gets an argument.</summary>
    public abstract object? GetArgument(int index);

    public string GetMethodName() => Method.Name;

    public string GetInterfaceName() => Method.InterfaceName;

    /// <summary>Forgets the arguments, before the object is pooled.</summary>
    protected abstract void ClearArguments();

    /// <summary>Makes the object free for another call.</summary>
    protected abstract void ReturnToPool();

    /// <summary>Runs the grain's method. Called in a turn of the activation.</summary>
    internal abstract void Invoke(Activation activation);

    private protected abstract void TakeResult(Request from);

    private protected abstract void PublishResult();

    private protected abstract void OnCopied();

    private protected abstract void SignalTask();

    private protected abstract bool HasTask { get; }

    private protected abstract void Reset();

    internal void Prepare(GrainReference target, Activation? sender, CallOrigin origin)
    {
        Target = target;
        Sender = sender;
        Origin = origin;
        Context = RequestContext.Values;
        _holders = IsOneWay ? 1 : 2;
    }

    /// <summary>Queued on an activation: a new request, or the continuation of the caller's await.</summary>
    internal override void Run(Activation activation)
    {
        if (_continuing)
        {
            RunContinuation();
        }
        else
        {
            activation.Receive(this);
        }
    }

    void IThreadPoolWorkItem.Execute() => RunContinuation();

    /// <summary>Claims the right to complete the request: response, timeout, cancellation and silo failure race for it.</summary>
    internal bool TryClaim() => Interlocked.Exchange(ref _completed, 1) == 0;

    /// <summary>Completes the request with an exception that is not the grain's.</summary>
    internal void Fail(Exception error)
    {
        if (TryClaim())
        {
            FailClaimed(error);
        }
    }

    internal void FailClaimed(Exception error)
    {
        Error = error;
        Origin.Pending.Remove(this);
        Signal(ownsLink: false);
    }

    /// <summary>The activation cannot run the request.</summary>
    internal void Reject(Activation activation, Exception error)
    {
        if (Original is not null)
        {
            Error = error;
            activation.Silo.Cluster.Respond(activation.Silo, this);
        }
        else
        {
            Fail(error);
            Release();
        }
    }

    /// <summary>Called where the request ran, when it has: frees the activation for the next, then answers the caller.</summary>
    private protected void Answer(Activation activation, Exception? error)
    {
        activation.OnFinished(this, error);
        if (Original is not null)
        {
            Error = error;
            activation.Silo.Cluster.Respond(activation.Silo, this);
        }
        else
        {
            if (!IsOneWay && TryClaim())
            {
                Error = error;
                PublishResult();
                Origin.Pending.Remove(this);
                Signal(ownsLink: true);
            }

            Release();
        }

        activation.Pump();
    }

    /// <summary>Completes this request with the outcome of a copy of it that ran elsewhere.</summary>
    internal void CompleteFrom(Request copy)
    {
        if (TryClaim())
        {
            Error = copy.Error;
            TakeResult(copy);
            Origin.Pending.Remove(this);
            Signal(ownsLink: false);
        }
    }

    /// <summary>A copy for one delivery by a transport, which may deliver none, or several.</summary>
    internal Request CopyForDelivery()
    {
        var copy = CopyUnsent();
        copy.Original = Original ?? this;
        copy.DoNotPool();
        return copy;
    }

    /// <summary>A copy with the same arguments, as if it had never been sent.</summary>
    internal Request CopyUnsent()
    {
        var copy = (Request)MemberwiseClone();
        copy.Next = null;
        copy.PendingPrevious = copy.PendingNext = null;
        copy.Stripe = -1;
        copy._continuation = null;
        copy._continuationState = copy._continuationContext = null;
        copy._cancellation = default;
        copy._completed = 0;
        copy.OnCopied();
        return copy;
    }

    /// <summary>For a request that others keep: copies, and calls that filters saw.</summary>
    internal void DoNotPool() => Volatile.Write(ref _holders, int.MaxValue);

    /// <summary>Completes the call at once when <paramref name="token"/> fires; the callee, which has the token too, may still run.</summary>
    internal void CompleteOnCancellation(CancellationToken token) =>
        _cancellation = token.UnsafeRegister(
            static (state, token) => ((Request)state!).Fail(new OperationCanceledException(token)), this);

    /// <summary>One of caller and callee needs the request no more.</summary>
    internal void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            Target = null!;
            Sender = null;
            Context = null;
            TargetSilo = null;
            Error = null;
            _continuation = null;
            _continuationState = _continuationContext = null;
            _continuationFlow = null;
            _continuing = false;
            _completed = 0;
            ClearArguments();
            Reset();
            ReturnToPool();
        }
    }

    private void Signal(bool ownsLink)
    {
        if (_cancellation != default)
        {
            _cancellation.Dispose();
            _cancellation = default;
        }

        if (HasTask)
        {
            // Not here, where the callee's turn would run what waits for the task without a context, such as a WhenAll.
            _continuationContext = Sender;
            ScheduleContinuation(ownsLink);
        }
        else if (_continuation is not null || Interlocked.CompareExchange(ref _continuation, CompletedMark, null) is not null)
        {
            ScheduleContinuation(ownsLink);
        }
    }

    private protected ValueTaskSourceStatus StatusOf(short token)
    {
        CheckVersion(token);
        return !ReferenceEquals(Volatile.Read(ref _continuation), CompletedMark) && !_continuing ? ValueTaskSourceStatus.Pending
            : Error is null ? ValueTaskSourceStatus.Succeeded
            : Error is OperationCanceledException ? ValueTaskSourceStatus.Canceled
            : ValueTaskSourceStatus.Faulted;
    }

    private protected void CheckVersion(short token)
    {
        if (token != Version)
        {
            throw new InvalidOperationException("A ValueTask of a grain call was awaited twice.");
        }
    }

    /// <summary>The caller takes the outcome: from here on its token is worth nothing.</summary>
    private protected void Consume(short token)
    {
        CheckVersion(token);
        Version = unchecked((short)(Version + 1));
        if (Error is { } error)
        {
            Release();
            ExceptionDispatchInfo.Throw(error);
        }
    }

    private protected void Continue(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        CheckVersion(token);
        _continuationState = state;
        if ((flags & ValueTaskSourceOnCompletedFlags.FlowExecutionContext) != 0)
        {
            _continuationFlow = ExecutionContext.Capture();
        }

        if ((flags & ValueTaskSourceOnCompletedFlags.UseSchedulingContext) != 0)
        {
            _continuationContext = CaptureContext();
        }

        if (Interlocked.CompareExchange(ref _continuation, continuation, null) is not null)
        {
            // Answered meanwhile. The link may still be the callee's, so do not queue this object itself.
            _continuation = continuation;
            ScheduleContinuation(ownsLink: false);
        }
    }

    private static object? CaptureContext()
    {
        if (Activation.Current is { } activation && ReferenceEquals(TaskScheduler.Current, activation))
        {
            return activation;
        }

        if (SynchronizationContext.Current is { } context && context.GetType() != typeof(SynchronizationContext))
        {
            return context;
        }

        return ReferenceEquals(TaskScheduler.Current, TaskScheduler.Default) ? null : TaskScheduler.Current;
    }

    private void ScheduleContinuation(bool ownsLink)
    {
        _continuing = true;
        switch (_continuationContext)
        {
            case null:
                Origin.Executor.Post(this);
                break;
            case Activation activation when ownsLink:
                activation.Enqueue(this);
                break;
            case Activation activation:
                activation.Enqueue(new ActionItem<Request>(static (_, request) => request.RunContinuation(), this));
                break;
            case SynchronizationContext context:
                context.Post(OnContext, this);
                break;
            case TaskScheduler scheduler:
                _ = Task.Factory.StartNew(OnScheduler, this, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler);
                break;
        }
    }

    private void RunContinuation()
    {
        if (HasTask)
        {
            // The task is what the caller has; this object it never sees.
            SignalTask();
            Release();
            return;
        }

        var continuation = _continuation!;
        var state = _continuationState;
        if (_continuationFlow is { } flow)
        {
            ExecutionContext.Run(flow, static call =>
            {
                var (action, argument) = ((Action<object?>, object?))call!;
                action(argument);
            }, (continuation, state));
        }
        else
        {
            continuation(state);
        }
    }
}
