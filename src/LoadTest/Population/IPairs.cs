namespace Gongji.LoadTest;

/// <summary>Chooses payers and payees. Thread-safe.</summary>
internal interface IPairs
{
    /// <summary>Two different persons, by number.</summary>
    (int Payer, int Payee) Next(Chance chance);
}
