"""What is settled before a handler runs and after it: addresses, origin, forms' tokens, cookies, headers, errors as answers."""
