using System.Collections.Concurrent;
using Gongji.Grains.Messages;

namespace Gongji.Grains;

/// <summary>
/// What persons are as recipients. Every transfer asks it of its payee, and it hardly ever changes; so a person's grain shows on its silo what it
/// would answer, for as long as it would answer that, and only who is not shown there is asked by a call.
/// </summary>
/// <remarks>
/// What is shown is no older than an answer to a call: it is put here when it is durable, and taken away in the turn that changes it,
/// before the change is on its way, and before the grain leaves.
/// </remarks>
/// <param name="grains">Reaches the grains of persons.</param>
public class PersonStandings(IGrainFactory grains)
{
    private readonly ConcurrentDictionary<string, StandingView> _shown = new(StringComparer.Ordinal);

    /// <summary>A person as a recipient, or why they are none.</summary>
    public ValueTask<Reply<StandingView>> GetAsync(string person) => _shown.TryGetValue(person, out StandingView? shown)
        ? new ValueTask<Reply<StandingView>>(Reply.Of(shown))
        : new ValueTask<Reply<StandingView>>(grains.GetGrain<IInsuredPersonGrain>(person).GetStandingAsync());

    /// <summary>Shows a standing that is durable. Called on the turns of the person's grain.</summary>
    internal void Show(string person, StandingView standing) => _shown[person] = standing;

    /// <summary>Shows a person's standing no more. Called on the turns of the person's grain.</summary>
    protected internal virtual void Withdraw(string person) => _shown.TryRemove(person, out _);
}
