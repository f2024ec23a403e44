using System.Data.Common;

namespace MedGenCluster.Engine.Ledger;

internal static class CommandParameters
{
    public static DbParameter Add(this DbCommand command, string name, object? value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value is string text ? Clean.Text(text) : value ?? DBNull.Value);
        command.Parameters.Add(parameter);
        return parameter;
    }
}
