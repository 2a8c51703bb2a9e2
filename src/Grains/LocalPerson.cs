using System.Diagnostics.CodeAnalysis;
using Gongji.Grains.Messages;

namespace Gongji.Grains;

/// <summary>A person whose grain is on this silo. Thread-safe, as the grain is.</summary>
/// <param name="grain">The grain.</param>
public sealed class LocalPerson(IInsuredPersonGrain grain)
{
    /// <summary>Set when the grain is leaving, and completed when its last call ends; null while the grain stays.</summary>
    private TaskCompletionSource? _lastCallEnded;
    private volatile StandingView? _standing;
    private int _calls;

    /// <summary>The person's standing as a recipient; null unless it is durable and no change to it is on its way.</summary>
    public StandingView? Standing
    {
        get => _standing;
        set => _standing = value;
    }

    /// <summary>Calls the grain on the caller's own turn. Returns false, having done nothing, when the grain takes no more calls.</summary>
    public bool TryCall<TMessage, TReply>(TMessage message, Func<IInsuredPersonGrain, TMessage, Task<TReply>> call, [NotNullWhen(true)] out Task<TReply>? reply)
    {
        // A call is counted before it checks whether the grain is leaving; a leaving grain says so before it checks the count. So at least one of the two sees the other.
        Interlocked.Increment(ref _calls);
        if (Volatile.Read(ref _lastCallEnded) is not null)
        {
            EndCall();
            reply = null;
            return false;
        }

        try
        {
            reply = call(grain, message);
        }
        catch
        {
            EndCall();
            throw;
        }

        if (reply.IsCompleted)
        {
            EndCall();
        }
        else
        {
            reply = EndAsync(reply);
        }

        return true;
    }

    /// <summary>
    /// Takes no more calls, and waits until those already taken have ended. A runtime waits for messages in the same way before it lets a grain leave
    /// memory, but knows nothing of these calls.
    /// </summary>
    internal Task LeaveAsync()
    {
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ended = Interlocked.CompareExchange(ref _lastCallEnded, ended, null) ?? ended;
        if (Volatile.Read(ref _calls) == 0)
        {
            ended.TrySetResult();
        }

        return ended.Task;
    }

    private async Task<TReply> EndAsync<TReply>(Task<TReply> running)
    {
        try
        {
            return await running;
        }
        finally
        {
            EndCall();
        }
    }

    private void EndCall()
    {
        if (Interlocked.Decrement(ref _calls) == 0)
        {
            Volatile.Read(ref _lastCallEnded)?.TrySetResult();
        }
    }
}
