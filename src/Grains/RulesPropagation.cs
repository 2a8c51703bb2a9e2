namespace Gongji.Grains;

/// <summary>
/// How long a rule change waits before it is answered, so that it is in force on every silo when the operator reads the answer: not at all
/// on one silo, whose cache is told at once; as long as rules stay fresh where there are several.
/// </summary>
/// <param name="delay">The wait.</param>
/// <param name="time">Measures it.</param>
public sealed class RulesPropagation(TimeSpan delay, TimeProvider time)
{
    internal Task WaitAsync() => delay == TimeSpan.Zero ? Task.CompletedTask : Task.Delay(delay, time, CancellationToken.None);
}
