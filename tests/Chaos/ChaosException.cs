namespace Gongji.Chaos;

/// <summary>The run cannot continue: the product did not start or recover, or the machine lacks something; the message says what.</summary>
public sealed class ChaosException : Exception
{
    public ChaosException()
    {
    }

    public ChaosException(string message)
        : base(message)
    {
    }

    public ChaosException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
