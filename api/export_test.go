package api

// Address is a route as the OpenAPI document writes it.
type Address struct {
	Method, Path string
	Key          bool
	// Operates is true where nobody is asked who they are.
	Operates bool
}

// Addresses are all routes.
func Addresses() []Address {
	var out []Address
	for _, r := range (&server{}).routes() {
		out = append(out, Address{r.method, openAPIPath(r.path), r.key, r.operates})
	}
	return out
}

func openAPIPath(path string) string {
	out := ""
	for i := 0; i < len(path); i++ {
		if path[i] != ':' {
			out += path[i : i+1]
			continue
		}
		end := i + 1
		for end < len(path) && path[end] != '/' {
			end++
		}
		out += "{" + path[i+1:end] + "}"
		i = end - 1
	}
	return out
}
