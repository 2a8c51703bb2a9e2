namespace Gongji.Api.Commands;

/// <summary>A file of heads cannot be used; the message is for whoever named it.</summary>
internal sealed class HeadsFileException(string message) : Exception(message);
