namespace Gongji.LocalRuntime.Engine;

/// <summary>
/// A call: its arguments, its place in the callee's queue and among the calls that its caller waits for, and the answer, all in one object. Not pooled: a
/// caller may give up while the request still waits somewhere, and pooling gained next to nothing.
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

    // This request's place in its origin's list of calls that wait for an answer.
    internal Request? PendingPrevious, PendingNext;
    internal PendingCalls.Stripe? PendingIn;
    internal long SentAt;

    /// <summary>The method called.</summary>
    public abstract CallMethod Method { get; }

    internal virtual bool IsAlwaysInterleave => Method.AlwaysInterleave;

    /// <summary>Whether the request belongs to its activation, so that it ends with it instead of being sent on.</summary>
    internal virtual bool IsLocalOnly => false;

    internal virtual bool KeepsAlive => true;

    /// <summary>For a copy made by a transport: the request whose caller waits.</summary>
    internal Request? Original { get; private set; }

    internal Exception? Error { get; private set; }

    internal CallOrigin Origin => Sender is null ? Target.Shared.Factory.Origin : Sender.Silo.Origin;

    /// <summary>Gets the number of arguments.</summary>
    public int GetArgumentCount() => Method.Method.GetParameters().Length;

    /// <summary>Gets an argument, by reflection, since only filters ask for it.</summary>
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

    /// <summary>Runs from an activation's queue: as a new request to the activation, or as the answer to one of the activation's own.</summary>
    internal override void Run(Activation activation)
    {
        if (_completing) Complete();
        else activation.Receive(this);
    }

    void IThreadPoolWorkItem.Execute() => Complete();

    /// <summary>Ends the request with an exception. Response, timeout, cancellation and silo failure race for the right to complete it.</summary>
    internal void Fail(Exception error)
    {
        if (TryClaim()) Settle(error, ownsLink: false);
    }

    /// <summary>Answers that the activation cannot run the request.</summary>
    internal void Reject(Activation activation, Exception error)
    {
        if (!RespondAsCopy(activation, error)) Fail(error);
    }

    /// <summary>Called in the activation when the request has run: frees the activation for the next one, then answers the caller.</summary>
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
        // True only when this object itself is queued as the answer. Otherwise it may still be queued as a request at the callee, since a caller may give up earlier.
        _completing = ownsLink;
        PendingIn?.Remove(this);
        if (_cancellation != default) _cancellation.Dispose();

        // The task is not completed here: continuations without a context, such as those of a WhenAll, would run inside the callee's turn.
        if (Sender is null) Activation.PostAfterTurn(this, Origin.Executor);
        else if (ownsLink) Sender.Enqueue(this);
        else Sender.Enqueue(new ActionItem<Request>(static (_, request) => request.Complete(), this));
    }
}
