using System.Collections.Concurrent;
using Gongji.Grains.Messages;

namespace Gongji.Grains;

/// <summary>
/// The persons whose grains are on this silo: a way to call them without a message, and their standing as recipients. A message inside a silo costs more
/// than the work of the leg that it carries. Persons who are not here are sent messages. See ARCHITECTURE.md, "Inside a silo".
/// </summary>
/// <param name="grains">Reaches the grains of persons, wherever they are.</param>
public class LocalPersons(IGrainFactory grains)
{
    private readonly ConcurrentDictionary<string, LocalPerson> _here = new(StringComparer.Ordinal);

    /// <summary>Calls a person's grain: directly on the caller's own turn when it is here, otherwise by a message.</summary>
    /// <param name="person">The person to call.</param>
    /// <param name="message">The argument of the call.</param>
    /// <param name="call">The call; it must not capture anything.</param>
    public Task<TReply> CallAsync<TMessage, TReply>(string person, TMessage message, Func<IInsuredPersonGrain, TMessage, Task<TReply>> call) =>
        LetOthersCome() is { } others ? CallAfterAsync(others, person, message, call) : CallNowAsync(person, message, call);

    /// <summary>Calls a person's grain with a delegate that may capture its arguments: for rare calls.</summary>
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

    /// <summary>A person's standing as a recipient, or why they have none.</summary>
    /// <remarks>
    /// Every transfer needs it of its payee, and it hardly ever changes. What is shown here is never older than an answer to a call would be: it is shown once it is
    /// durable, and withdrawn on the turn that changes it, before the change is on its way.
    /// </remarks>
    public ValueTask<Reply<StandingView>> GetStandingAsync(string person) => _here.TryGetValue(person, out LocalPerson? here) && here.Standing is { } shown
        ? new ValueTask<Reply<StandingView>>(Reply.Of(shown))
        : new ValueTask<Reply<StandingView>>(SendAsync(person, 0, static (person, _) => person.GetStandingAsync()));

    /// <summary>Shows a person. Called on the turns of the person's grain, which keeps it up to date from then on.</summary>
    protected internal virtual void Enter(string person, LocalPerson here) => _here[person] = here;

    /// <summary>Stops showing a person, and waits until the grain's last call has ended. A newer activation that has been shown in the meantime stays.</summary>
    internal Task LeaveAsync(string person, LocalPerson here)
    {
        _here.TryRemove(KeyValuePair.Create(person, here));
        return here.LeaveAsync();
    }

    /// <summary>
    /// What a call waits for before it begins: nothing. Other threads may run between any two calls of one turn; a simulation, which has one thread, lets
    /// other work run here instead.
    /// </summary>
    protected internal virtual Task? LetOthersCome() => null;

    /// <summary>Withdraws what is shown of a person, since it may no longer be true. Called on the turns of the person's grain.</summary>
    protected internal virtual void Withdraw(LocalPerson here)
    {
        ArgumentNullException.ThrowIfNull(here);
        here.Standing = null;
    }
}
