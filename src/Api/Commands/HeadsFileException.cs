namespace Gongji.Api.Commands;

/// <summary>A file of heads cannot be used; the message is meant for the user who named it.</summary>
internal sealed class HeadsFileException(string message) : Exception(message);
