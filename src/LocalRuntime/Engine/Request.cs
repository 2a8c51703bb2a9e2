namespace Gongji.LocalRuntime.Engine;

/// <summary>
/// A call: its arguments, its place in the callee's queue and among the calls its caller waits for, and the answer, in one
/// object. Not pooled: a caller may give up while the request still waits somewhere, and pooling gained next to nothing.
/// </summary>
internal abstract class Request : WorkItem, IThreadPoolWorkItem, IInvokable
{
    private CancellationTokenRegistration _cancellation;
    private int _claimed;
    private bool _completing;

    // Who calls whom.
    internal GrainReference Target = null!;
    internal Activation? Sender;
    internal LocalSilo? TargetSilo;
    internal Dictionary<string, object>? Context;

    // The place among the calls that their origin waits for.
    internal Request? PendingPrevious, PendingNext;
    internal PendingCalls.Stripe? PendingIn;
    internal long SentAt;

    /// <summary>The method called.</summary>
    public abstract CallMethod Method { get; }

    internal virtual bool IsAlwaysInterleave => Method.AlwaysInterleave;

    /// <summary>Whether the request belongs to its activation, so that it dies with it instead of being sent on.</summary>
    internal virtual bool IsLocalOnly => false;

    internal virtual bool KeepsAlive => true;

    /// <summary>For a copy made by a transport: the request whose caller waits.</summary>
    internal Request? Original { get; private set; }

    internal Exception? Error { get; private set; }

    internal CallOrigin Origin => Sender is null ? Target.Shared.Factory.Origin : Sender.Silo.Origin;

    /// <summary>Gets the number of arguments.</summary>
    public int GetArgumentCount() => Method.Method.GetParameters().Length;

    /// <summary>Gets an argument, by reflection: only filters ask.</summary>
    public object? GetArgument(int index) =>
        (GetType().GetField($"Argument{index}") ?? throw new ArgumentOutOfRangeException(nameof(index))).GetValue(this);

    /// <summary>Runs the grain's method. Called in a turn of the activation.</summary>
    internal abstract void Invoke(Activation activation);

    private protected abstract void TakeResult(Request from);

    /// <summary>Completes what the caller waits for.</summary>
    private protected abstract void Complete();

    private protected abstract void ForgetCaller();

    internal void Prepare(GrainReference target, Activation? sender)
    {
        Target = target;
        Sender = sender;
        Context = RequestContext.Values;
    }

    /// <summary>Queued on an activation: a new request for it, or the answer to one of its own.</summary>
    internal override void Run(Activation activation)
    {
        if (_completing) Complete();
        else activation.Receive(this);
    }

    void IThreadPoolWorkItem.Execute() => Complete();

    /// <summary>Response, timeout, cancellation and silo failure race for the right to complete the request.</summary>
    internal void Fail(Exception error)
    {
        if (TryClaim()) Settle(error, ownsLink: false);
    }

    /// <summary>The activation cannot run the request.</summary>
    internal void Reject(Activation activation, Exception error)
    {
        if (!RespondAsCopy(activation, error)) Fail(error);
    }

    /// <summary>Called where the request ran, when it has: frees the activation for the next, then answers the caller.</summary>
    private protected void Answer(Activation activation, Exception? error)
    {
        activation.OnFinished(this, error);
        if (!RespondAsCopy(activation, error) && !Method.OneWay && TryClaim()) Settle(error, ownsLink: true);
        activation.Pump();
    }

    private bool RespondAsCopy(Activation activation, Exception? error)
    {
        if (Original is null) return false;
        Error = error;
        activation.Silo.Cluster.Respond(activation.Silo, this);
        return true;
    }

    /// <summary>Completes this request with the outcome of a copy of it that ran elsewhere.</summary>
    internal void CompleteFrom(Request copy)
    {
        if (!TryClaim()) return;
        TakeResult(copy);
        Settle(copy.Error, ownsLink: false);
    }

    /// <summary>A copy for one delivery by a transport, which may deliver none, or several.</summary>
    internal Request CopyForDelivery()
    {
        var copy = CopyUnsent();
        copy.Original = Original ?? this;
        return copy;
    }

    /// <summary>A copy with the same arguments, as if it had never been sent.</summary>
    internal Request CopyUnsent()
    {
        var copy = (Request)MemberwiseClone();
        copy.Next = copy.PendingPrevious = copy.PendingNext = null;
        copy.PendingIn = null;
        copy._cancellation = default;
        copy._claimed = 0;
        copy.ForgetCaller();
        return copy;
    }

    /// <summary>Completes the call at once when <paramref name="token"/> fires; the callee, which has the token too, may still run.</summary>
    internal void CompleteOnCancellation(CancellationToken token) => _cancellation = token.UnsafeRegister(
        static (state, token) => ((Request)state!).Fail(new OperationCanceledException(token)), this);

    private bool TryClaim() => Interlocked.Exchange(ref _claimed, 1) == 0;

    private void Settle(Exception? error, bool ownsLink)
    {
        Error = error;
        // Only when this object itself is queued as the answer: a caller may give up while it still waits as a request with the callee.
        _completing = ownsLink;
        PendingIn?.Remove(this);
        if (_cancellation != default) _cancellation.Dispose();

        // Not here, where the callee's turn would run what waits for the task without a context, such as a WhenAll.
        if (Sender is null) Activation.PostAfterTurn(this, Origin.Executor);
        else if (ownsLink) Sender.Enqueue(this);
        else Sender.Enqueue(new ActionItem<Request>(static (_, request) => request.Complete(), this));
    }
}
