using System.Collections.Concurrent;
using Gongji.Grains.Messages;

namespace Gongji.Grains;

/// <summary>
/// The persons whose grains are on this silo: a way to call them without a message, and what they are as recipients. A message inside a silo costs more
/// than what a leg of a transfer does with it; who is not here is sent one. See ARCHITECTURE.md, "Inside a silo".
/// </summary>
/// <param name="grains">Reaches the grains of persons, wherever they are.</param>
public class LocalPersons(IGrainFactory grains)
{
    private readonly ConcurrentDictionary<string, LocalPerson> _here = new(StringComparer.Ordinal);

    /// <summary>Calls a person's grain: by a message, or on the caller's own turn.</summary>
    /// <param name="person">Who.</param>
    /// <param name="message">What the call is given.</param>
    /// <param name="call">The call; it must not capture anything.</param>
    public Task<TReply> CallAsync<TMessage, TReply>(string person, TMessage message, Func<IInsuredPersonGrain, TMessage, Task<TReply>> call) =>
        LetOthersCome() is { } others ? CallAfterAsync(others, person, message, call) : CallNowAsync(person, message, call);

    /// <summary>Calls a person's grain, where what it is given may be captured: for calls that are rare.</summary>
    public Task<TReply> CallAsync<TReply>(string person, Func<IInsuredPersonGrain, Task<TReply>> call) => CallAsync(person, call, static (person, call) => call(person));

    private async Task<TReply> CallAfterAsync<TMessage, TReply>(Task others, string person, TMessage message, Func<IInsuredPersonGrain, TMessage, Task<TReply>> call)
    {
        await others;
        return await CallNowAsync(person, message, call);
    }

    private Task<TReply> CallNowAsync<TMessage, TReply>(string person, TMessage message, Func<IInsuredPersonGrain, TMessage, Task<TReply>> call) =>
        _here.TryGetValue(person, out LocalPerson? here) && here.TryCall(message, call, out Task<TReply>? reply)
            ? reply
            : SendAsync(person, message, call);

    private Task<TReply> SendAsync<TMessage, TReply>(string person, TMessage message, Func<IInsuredPersonGrain, TMessage, Task<TReply>> call) =>
        CallFailures.DeliverAsync(() => call(grains.GetGrain<IInsuredPersonGrain>(person), message));

    /// <summary>A person as a recipient, or why they are none.</summary>
    /// <remarks>
    /// Every transfer asks it of its payee, and it hardly ever changes. What is shown here is no older than an answer to a call: it is shown when it is
    /// durable, and no more from the turn on that changes it, before the change is on its way.
    /// </remarks>
    public ValueTask<Reply<StandingView>> GetStandingAsync(string person) => _here.TryGetValue(person, out LocalPerson? here) && here.Standing is { } shown
        ? new ValueTask<Reply<StandingView>>(Reply.Of(shown))
        : new ValueTask<Reply<StandingView>>(SendAsync(person, 0, static (person, _) => person.GetStandingAsync()));

    /// <summary>Shows a person. Called on the turns of the person's grain, which goes on to keep it up to date.</summary>
    protected internal virtual void Enter(string person, LocalPerson here) => _here[person] = here;

    /// <summary>Shows a person no more, and waits until the grain's last call has ended. Another activation that has come meanwhile stays.</summary>
    internal Task LeaveAsync(string person, LocalPerson here)
    {
        _here.TryRemove(KeyValuePair.Create(person, here));
        return here.LeaveAsync();
    }

    /// <summary>
    /// What a call waits for before it begins: nothing. Between two calls of one turn other threads do what they like; a simulation, which has one thread, lets
    /// them come here.
    /// </summary>
    protected internal virtual Task? LetOthersCome() => null;

    /// <summary>What is shown of a person may not be true any more. Called on the turns of the person's grain.</summary>
    protected internal virtual void Withdraw(LocalPerson here)
    {
        ArgumentNullException.ThrowIfNull(here);
        here.Standing = null;
    }
}
